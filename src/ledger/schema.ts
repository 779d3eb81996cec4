import type { Generated } from 'kysely';

/**
 * The ledger's tables. Amounts are 64-bit integers: bytes, micros of a currency, slot-milliseconds, queries; instants are milliseconds since
 * the epoch; truths are 0 or 1. The types are what Kysely returns; every driver is set to return integers as bigint.
 */
export interface LedgerSchema {
  readonly budget_windows: BudgetWindowsTable;
  readonly reservations: ReservationsTable;
  readonly reservation_parts: ReservationPartsTable;
  readonly decisions: DecisionsTable;
  readonly decision_tables: DecisionTablesTable;
  readonly settlements: SettlementsTable;
  readonly grants: GrantsTable;
  readonly grant_revocations: GrantRevocationsTable;
  readonly notices: NoticesTable;
  readonly notice_deliveries: NoticeDeliveriesTable;
  readonly replicas: ReplicasTable;
  readonly journal: JournalTable;
  readonly seals: SealsTable;
  readonly prunings: PruningsTable;
  readonly reconciliations: ReconciliationsTable;
  readonly spend_by_day: SpendByDayTable;
  readonly table_spend_by_day: TableSpendByDayTable;
  readonly rewrites: RewritesTable;
  readonly lineage_cursors: LineageCursorsTable;
}

/** How each account of a budget stands in each of its windows: always the sums of its reservation parts. */
interface BudgetWindowsTable {
  readonly budget: string;
  /** Empty for a budget that has but one. */
  readonly account: string;
  readonly window_key: string;
  /** `bytes`, `slot-ms`, `queries`, `at once`, or the code of the currency whose micros are counted. */
  readonly unit: string;
  readonly used: Generated<bigint>;
  readonly reserved: Generated<bigint>;
  /** When the window is over and its row of no more use to admissions; null where that is not known. */
  readonly ends_at_ms: bigint | null;
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
  /** The process that admitted it; empty for those of before replicas were told apart. */
  readonly replica: Generated<string>;
  readonly slot_ms: Generated<bigint>;
}

/** What an admitted query holds, or held, of one budget. */
interface ReservationPartsTable {
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
 * What each forwarded query came to. Rows are added and never changed; of a decision's rows the one of the highest
 * version stands: 0 was assumed, 1 is what was seen, above are corrections by the warehouse's own books. A settlement
 * may be written before its decision is.
 */
interface SettlementsTable {
  readonly decision_id: string;
  readonly version: bigint;
  readonly at_ms: bigint;
  readonly job_id: string | null;
  readonly bytes_processed: bigint;
  readonly bytes_billed: bigint;
  /** The part of the bytes billed that the free tier paid for. */
  readonly free_bytes: bigint;
  readonly cost_micros: bigint;
  readonly currency: string;
  readonly cache_hit: bigint;
  readonly slot_ms: bigint | null;
  readonly duration_ms: bigint | null;
  readonly error_reason: string | null;
  readonly source: string;
}

/** What was put on top of a budget's limit, for a time. Rows are added and never changed. */
interface GrantsTable {
  readonly id: string;
  readonly budget: string;
  /** Empty for the one account of a budget, or for each of its accounts. */
  readonly account: string;
  readonly unit: string;
  readonly amount: bigint;
  readonly reason: string;
  readonly granted_by: string;
  readonly granted_to: string;
  readonly created_at_ms: bigint;
  readonly expires_at_ms: bigint;
}

/** Grants that were taken back before they expired. */
interface GrantRevocationsTable {
  readonly grant_id: string;
  readonly revoked_by: string;
  readonly at_ms: bigint;
}

/** Thresholds that were reached: one row for each window, account, unit and threshold, before it is told and after. */
interface NoticesTable {
  readonly id: string;
  readonly budget: string;
  readonly account: string;
  readonly window_key: string;
  readonly unit: string;
  /** A percentage of the limit. */
  readonly threshold: bigint;
  readonly at_ms: bigint;
  /** What is told, as JSON. */
  readonly content: string;
  /** Null while a webhook is still to be told. */
  readonly told_at_ms: bigint | null;
  /** Nobody tells it before then: a process is at it, or the last attempt failed. */
  readonly claimed_until_ms: Generated<bigint>;
  readonly attempts: Generated<bigint>;
}

/** What became of a notice at each webhook that is done with it. Rows are added and never changed. */
interface NoticeDeliveriesTable {
  readonly notice_id: string;
  readonly webhook: string;
  readonly outcome: string;
  /** Why it was not taken; null where it was. Never holds an address. */
  readonly problem: string | null;
  readonly at_ms: bigint;
}

/** Processes that share the ledger, and until when each is known to live. */
interface ReplicasTable {
  readonly id: string;
  readonly started_at_ms: bigint;
  readonly alive_until_ms: bigint;
}

/** Every entry of the books, by kind and ID, with a digest of its content; sealed soon after it is written. */
interface JournalTable {
  readonly kind: string;
  readonly id: string;
  /** What pruning goes by: when the query was admitted, for its decision and settlements; else when it was made. */
  readonly at_ms: bigint;
  readonly hash: string;
  /** Null until it is sealed. */
  readonly seal: bigint | null;
}

/** A chain: each seal's hash covers the one before and the entries that it seals, in order of kind and ID. */
interface SealsTable {
  /** Counts from 1 without a gap. */
  readonly seal: bigint;
  readonly at_ms: bigint;
  readonly entries: bigint;
  readonly entries_hash: string;
  /** Once all before this instant is pruned, so are all of its entries; null where some of them are never pruned. */
  readonly all_before_ms: bigint | null;
  readonly hash: string;
}

/** Every time that decisions and their settlements before an instant were given up. Rows are added and never changed. */
interface PruningsTable {
  readonly id: string;
  readonly at_ms: bigint;
  /** Decisions made before this instant are gone, with their settlements. */
  readonly before_ms: bigint;
  readonly decisions: bigint;
  readonly settlements: bigint;
}

/** What each reconciliation found. */
interface ReconciliationsTable {
  readonly id: string;
  readonly at_ms: bigint;
  readonly from_ms: bigint;
  readonly to_ms: bigint;
  readonly balanced: bigint;
  readonly ledger_bytes: bigint;
  readonly warehouse_bytes: bigint;
  readonly unguarded_jobs: bigint;
  readonly unguarded_bytes: bigint;
  readonly missing_jobs: bigint;
  readonly missing_bytes: bigint;
  readonly corrections: bigint;
  /** Why corrections were written, and by whom; null where none were, or nobody said. */
  readonly reason: string | null;
  readonly written_by: string | null;
}

/** What days came to whose decisions are kept no more. Empty texts stand for what was not known. */
interface SpendByDayTable {
  readonly day: string;
  /** Of what the row is summed by: a day has one row of each. Empty in rows of before there was one of each. */
  readonly key_hash: Generated<string>;
  readonly day_starts_at_ms: bigint;
  readonly project_id: string;
  readonly team: string;
  readonly principal: string;
  readonly tool: string;
  readonly person: string;
  readonly dashboard: string;
  readonly card: string;
  readonly fingerprint: string;
  readonly currency: string;
  readonly queries: bigint;
  readonly bytes_billed: bigint;
  readonly free_bytes: bigint;
  readonly cost_micros: bigint;
  readonly slot_ms: bigint;
}

/** The same by table. */
interface TableSpendByDayTable {
  readonly day: string;
  readonly key_hash: Generated<string>;
  readonly day_starts_at_ms: bigint;
  readonly table_name: string;
  readonly team: string;
  readonly currency: string;
  readonly queries: bigint;
  readonly bytes_billed: bigint;
  readonly free_bytes: bigint;
  readonly cost_micros: bigint;
  readonly slot_ms: bigint;
  readonly shared_queries: bigint;
  readonly shared_bytes_billed: bigint;
  readonly shared_cost_micros: bigint;
}

/** Other forms of refused queries, as they were offered. Rows are added and never changed, and go with their decision. */
interface RewritesTable {
  readonly decision_id: string;
  /** Counts from 0; the best comes first. */
  readonly position: bigint;
  /** Of the form, not of the query that was refused: by it a later query is seen to take the offer. */
  readonly fingerprint: string;
  /** The rewrite, as JSON. */
  readonly content: string;
}

/** How far each target of lineage was told of what is sealed. */
interface LineageCursorsTable {
  readonly target: string;
  /** All that is sealed before this seal is told. */
  readonly seal: bigint;
  /** Of this seal, what comes up to this settlement is told; empty for nothing. */
  readonly after_id: string;
  /** Nobody tells more before then: a process is at it, or the target did not take it. */
  readonly claimed_until_ms: Generated<bigint>;
  /** How often it was claimed: says which claim is which. */
  readonly claims: Generated<bigint>;
  /** How often in a row the target did not take what it was told. */
  readonly failures: Generated<bigint>;
}
