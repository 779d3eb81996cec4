import type { Generated } from 'kysely';

/**
 * The ledger's tables. Amounts are 64-bit integers: bytes, or micros of a currency; instants are milliseconds since
 * the epoch; truths are 0 or 1. The types are what Kysely returns; every driver is set to return integers as bigint.
 */
export interface LedgerSchema {
  readonly budget_windows: BudgetWindowsTable;
  readonly reservations: ReservationsTable;
  readonly reservation_parts: ReservationPartsTable;
  readonly decisions: DecisionsTable;
  readonly decision_tables: DecisionTablesTable;
  readonly settlements: SettlementsTable;
}

/** How each budget stands in each of its windows: always the sums of its reservation parts. */
interface BudgetWindowsTable {
  readonly budget: string;
  readonly window_key: string;
  /** `bytes`, or the code of the currency whose micros are counted. */
  readonly unit: string;
  readonly used: Generated<bigint>;
  readonly reserved: Generated<bigint>;
}

/**
 * `open`: admitted, and not yet known what it came to. `settled`: it is known. `assumed`: it expired unknown and is
 * charged in full, until it is known after all.
 */
export type ReservationState = 'open' | 'settled' | 'assumed';

/** One row for each admitted query, also of a team without budgets. */
interface ReservationsTable {
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
}

/** What an admitted query holds, or held, of one budget. */
interface ReservationPartsTable {
  readonly decision_id: string;
  readonly budget: string;
  readonly window_key: string;
  readonly unit: string;
  readonly amount: bigint;
  /** Micros of `unit` for one unit of the pricing currency at admission; null where no exchange was needed. */
  readonly exchange_micros: bigint | null;
  /** What it came to; null while it is open. */
  readonly settled_amount: bigint | null;
}

/** One row for each query judged. Rows are added and never changed. */
interface DecisionsTable {
  readonly id: string;
  readonly at_ms: bigint;
  readonly project_id: string;
  readonly team: string;
  readonly principal: string | null;
  readonly tool: string | null;
  readonly person: string | null;
  readonly dashboard: string | null;
  readonly card: string | null;
  readonly sql: string;
  readonly fingerprint: string;
  readonly outcome: string;
  readonly cause: string | null;
  /** The estimate's figures; null where the query could not be priced. */
  readonly estimated_bytes_processed: bigint | null;
  readonly estimated_bytes_billed: bigint | null;
  readonly estimated_cost_micros: bigint | null;
  readonly estimated_currency: string | null;
  readonly maximum_bytes_billed: bigint | null;
  /** What nothing is searched or summed by, as JSON. */
  readonly details: string;
}

/** Which tables each decision's query reads, views resolved. */
interface DecisionTablesTable {
  readonly decision_id: string;
  readonly table_name: string;
}

/**
 * What each forwarded query came to: one row of what is known, and before it perhaps one of what was assumed. Rows
 * are added and never changed. A settlement may be written before its decision is.
 */
interface SettlementsTable {
  readonly decision_id: string;
  readonly assumed: bigint;
  readonly at_ms: bigint;
  readonly job_id: string | null;
  readonly bytes_processed: bigint;
  readonly bytes_billed: bigint;
  readonly cost_micros: bigint;
  readonly currency: string;
  readonly cache_hit: bigint;
  readonly slot_ms: bigint | null;
  readonly error_reason: string | null;
  readonly source: string;
}
