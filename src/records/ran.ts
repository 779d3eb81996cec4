import type { ExpressionBuilder } from 'kysely';
import type { LedgerSchema } from '../ledger/schema.ts';
import type { SettlementSource } from '../vocabulary/decision.ts';

const NOT_RUN: readonly SettlementSource[] = ['not run', 'repeated'];

/**
 * Whether a settlement is of a query that ran. One that was not forwarded, or of which the warehouse's own books know
 * no job, is none; and a request that was sent again and got the same job is that job's query, not one more.
 */
export function didRun({
  source,
  jobId,
}: {
  readonly source: string;
  readonly jobId: string | null;
}): boolean {
  return !NOT_RUN.some((one) => one === source) && (source !== 'reconciled' || jobId !== null);
}

/** The same of a row. Those left out are of nothing billed. */
export function ran(eb: ExpressionBuilder<LedgerSchema, 'settlements'>) {
  return eb.and([
    eb('settlements.source', 'not in', [...NOT_RUN]),
    eb.or([eb('settlements.source', '<>', 'reconciled'), eb('settlements.job_id', 'is not', null)]),
  ]);
}
