import type { LedgerReader } from '../ledger/ledger.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { Money } from '../vocabulary/money.ts';
import { stands } from './stands.ts';

/** The very same query, asked by the same principal. */
export interface SameQuery {
  readonly fingerprint: string;
  /** As the records keep it: its text, or a digest of that. */
  readonly sql: string;
  readonly principal: string;
  readonly currency: string;
  readonly sinceMs: number;
}

/** Enough to tell a habit, few enough to be read while somebody waits. */
const MOST_RUNS = 1000;

/**
 * What runs of a query were billed for that came in the same hour as one before: what a cache would have saved that
 * keeps results for the hour.
 */
export async function repeatedRuns(
  db: LedgerReader,
  { fingerprint, sql, principal, currency, sinceMs }: SameQuery,
): Promise<{ readonly bytesBilled: Bytes; readonly cost: Money }> {
  const rows = await db
    .selectFrom('decisions')
    .innerJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .select(['decisions.at_ms', 'settlements.bytes_billed', 'settlements.cost_micros'])
    .where('decisions.fingerprint', '=', fingerprint)
    .where('decisions.sql', '=', sql)
    .where('decisions.principal', '=', principal)
    .where('decisions.at_ms', '>=', BigInt(sinceMs))
    .where('settlements.currency', '=', currency)
    .where('settlements.source', '<>', 'repeated')
    .where(stands)
    .orderBy('decisions.at_ms')
    .limit(MOST_RUNS)
    .execute();
  const hours = rows.map(({ at_ms }) => at_ms / 3_600_000n);
  const repeated = rows.filter((_, index) => index > 0 && hours[index] === hours[index - 1]);
  return {
    bytesBilled: repeated.reduce((sum, { bytes_billed }) => sum + bytes_billed, 0n),
    cost: { currency, micros: repeated.reduce((sum, { cost_micros }) => sum + cost_micros, 0n) },
  };
}
