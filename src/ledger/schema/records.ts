import type { Generated } from 'kysely';
import type { Tariff } from '../../vocabulary/pricing.ts';

/** One row for each query judged. Rows are added and never changed. */
export interface DecisionsTable {
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
export interface DecisionTablesTable {
  readonly decision_id: string;
  readonly table_name: string;
}

/**
 * What each forwarded query came to. Rows are added and never changed; of a decision's rows the one of the highest
 * version stands: 0 was assumed, 1 is what was seen, above are corrections by the warehouse's own books. A settlement
 * may be written before its decision is.
 */
export interface SettlementsTable {
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
  /** By what it was priced; null, like the price, where it was entered at a known cost, or before this was kept. */
  readonly paid_by: Tariff['model'] | null;
  /** Of `currency`, for a TiB or a slot-hour. */
  readonly price_micros: bigint | null;
}

/** Other forms of refused queries, as they were offered. Rows are added and never changed, and go with their decision. */
export interface RewritesTable {
  readonly decision_id: string;
  /** Counts from 0; the best comes first. */
  readonly position: bigint;
  /** Of the form, not of the query that was refused: by it a later query is seen to take the offer. */
  readonly fingerprint: string;
  /** The rewrite, as JSON. */
  readonly content: string;
}

/** What days came to whose decisions are kept no more. Empty texts stand for what was not known. */
export interface SpendByDayTable {
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
export interface TableSpendByDayTable {
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
