import type { Generated } from 'kysely';

/** The state of each account of a budget in each of its windows: always the sums of its reservation parts. */
export interface BudgetWindowsTable {
  readonly budget: string;
  /** Empty for a budget with a single account. */
  readonly account: string;
  readonly window_key: string;
  /** `bytes`, `slot-ms`, `queries`, `at once`, or the code of the currency whose micros are counted. */
  readonly unit: string;
  readonly used: Generated<bigint>;
  readonly reserved: Generated<bigint>;
  /** When the window is over and admissions no longer need its row; null if that is not known. */
  readonly ends_at_ms: bigint | null;
}

/**
 * `open`: admitted, with its cost not known yet. `settled`: the cost is known. `assumed`: it expired without being
 * known and is charged in full, until it becomes known after all.
 */
export type ReservationState = 'open' | 'settled' | 'assumed';

/** One row for each admitted query, even if its team has no budgets. */
export interface ReservationsTable {
  readonly decision_id: string;
  readonly state: ReservationState;
  readonly created_at_ms: bigint;
  readonly expires_at_ms: bigint;
  /** Null while it is open. */
  readonly settled_at_ms: bigint | null;
  /** What was reserved, as the warehouse would bill it. */
  readonly bytes_billed: bigint;
  readonly cost_micros: bigint;
  /** The pricing currency at admission. */
  readonly currency: string;
  /** The process that admitted it; empty for rows from before replicas were distinguished. */
  readonly replica: Generated<string>;
  readonly slot_ms: Generated<bigint>;
}

/** What an admitted query holds, or held, in one budget. */
export interface ReservationPartsTable {
  readonly decision_id: string;
  readonly budget: string;
  readonly account: Generated<string>;
  readonly window_key: string;
  readonly unit: string;
  readonly amount: bigint;
  /** Micros of `unit` for one unit of the pricing currency at admission; null where no exchange was needed. */
  readonly exchange_micros: bigint | null;
  /** What it came to; null while it is open. */
  readonly settled_amount: bigint | null;
}

/** Processes that share the ledger, and until when each is known to be alive. */
export interface ReplicasTable {
  readonly id: string;
  readonly started_at_ms: bigint;
  readonly alive_until_ms: bigint;
}
