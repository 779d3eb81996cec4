import type { Money } from './money.ts';

/** What the ledger's records tell of earlier runs of the same query. */
export interface FingerprintHistory {
  /** How many of its runs are known, 100 at most: the latest ones. */
  readonly runs: number;
  /** What half of these runs stayed within; null where there are none. */
  readonly medianCost: Money | null;
  /** What nineteen of twenty of them stayed within; null where there are none. */
  readonly p95Cost: Money | null;
  /** When it was last let through, milliseconds since the epoch; null where it never was. */
  readonly lastSeenMs: number | null;
}
