import { HOUR_MS } from '../../foundation/calendar/durations.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import type { Money } from '../../vocabulary/money.ts';
import { isLatestVersion } from '../latest-version.ts';

/** Exactly the same query, by the same principal. */
export interface SameQuery {
  readonly fingerprint: string;
  /** As the records keep it: the text, or its digest. */
  readonly sql: string;
  readonly principal: string;
  readonly currency: string;
  readonly sinceMs: number;
}

/** Enough to see a habit, and few enough to read while somebody waits. */
const MAX_RUNS = 1000;

/**
 * What was billed for runs that came within the same hour as an earlier one: what a cache that keeps results for the
 * hour would have saved.
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
    .where(isLatestVersion)
    .orderBy('decisions.at_ms')
    .limit(MAX_RUNS)
    .execute();
  const hours = rows.map(({ at_ms }) => at_ms / BigInt(HOUR_MS));
  const repeated = rows.filter((_, index) => index > 0 && hours[index] === hours[index - 1]);
  return {
    bytesBilled: repeated.reduce((sum, { bytes_billed }) => sum + bytes_billed, 0n),
    cost: { currency, micros: repeated.reduce((sum, { cost_micros }) => sum + cost_micros, 0n) },
  };
}
