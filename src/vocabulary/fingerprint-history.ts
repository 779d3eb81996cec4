import type { Money } from './money.ts';

/** What the ledger's records say about earlier runs of the same query. */
export interface FingerprintHistory {
  /** How many of its runs are known: the latest ones, 100 at most. */
  readonly runs: number;
  /** What half of these runs did not exceed; null if there are none. */
  readonly medianCost: Money | null;
  /** What 95 % of them did not exceed; null if there are none. */
  readonly p95Cost: Money | null;
  /** When it was last let through, milliseconds since the epoch; null if it never was. */
  readonly lastSeenMs: number | null;
}
