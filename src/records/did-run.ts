import type { ExpressionBuilder } from 'kysely';
import type { LedgerSchema } from '../ledger/schema.ts';
import type { SettlementSource } from '../vocabulary/decision.ts';

const NOT_RUN: readonly SettlementSource[] = ['not run', 'repeated'];

/**
 * Whether a settlement belongs to a query that ran. It does not if the query was not forwarded, or if the warehouse
 * knows no job for it. A repeated request that got the same job again is not another query.
 */
export function didRun({
  source,
  jobId,
}: {
  readonly source: string;
  readonly jobId: string | null;
}): boolean {
  return !NOT_RUN.some((notRun) => notRun === source) && (source !== 'reconciled' || jobId !== null);
}

/** The same condition for a row. Whatever it leaves out was billed nothing. */
export function hasRun(eb: ExpressionBuilder<LedgerSchema, 'settlements'>) {
  return eb.and([
    eb('settlements.source', 'not in', [...NOT_RUN]),
    eb.or([eb('settlements.source', '<>', 'reconciled'), eb('settlements.job_id', 'is not', null)]),
  ]);
}
