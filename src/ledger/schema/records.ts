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
  /** The figures of the estimate; null if the query could not be priced. */
  readonly estimated_bytes_processed: bigint | null;
  readonly estimated_bytes_billed: bigint | null;
  readonly estimated_cost_micros: bigint | null;
  readonly estimated_currency: string | null;
  readonly maximum_bytes_billed: bigint | null;
  /** Whatever is neither searched nor summed, as JSON. */
  readonly details: string;
}

/** Which tables each decision's query reads, with views resolved. */
export interface DecisionTablesTable {
  readonly decision_id: string;
  readonly table_name: string;
}

/**
 * What each forwarded query came to. Rows are added and never changed. Of a decision's rows, the one with the highest
 * version stands: 0 was assumed, 1 is what was observed, and above that are corrections from the warehouse's own books.
 * A settlement may be written before its decision.
 */
export interface SettlementsTable {
  readonly decision_id: string;
  readonly version: bigint;
  readonly at_ms: bigint;
  readonly job_id: string | null;
  readonly bytes_processed: bigint;
  readonly bytes_billed: bigint;
  /** The part of the bytes billed that the free tier covered. */
  readonly free_bytes: bigint;
  readonly cost_micros: bigint;
  readonly currency: string;
  readonly cache_hit: bigint;
  readonly slot_ms: bigint | null;
  readonly duration_ms: bigint | null;
  readonly error_reason: string | null;
  readonly source: string;
  /** How it was priced; null, like the price, if it was entered at a known cost, or before this was kept. */
  readonly paid_by: Tariff['model'] | null;
  /** In `currency`, for a TiB or a slot-hour. */
  readonly price_micros: bigint | null;
}

/**
 * Other forms of refused queries, as they were offered. Rows are added and never changed, and are deleted with their
 * decision.
 */
export interface RewritesTable {
  readonly decision_id: string;
  /** Counts from 0; the best comes first. */
  readonly position: bigint;
  /** The fingerprint of the form, not of the refused query: it shows when a later query takes the offer. */
  readonly fingerprint: string;
  /** The rewrite, as JSON. */
  readonly content: string;
}

/** Daily sums of decisions that are no longer kept. Empty texts stand for what was not known. */
export interface SpendByDayTable {
  readonly day: string;
  /** Of the keys that the row is summed by: a day has one row for each. Empty in rows from before that was so. */
  readonly key_hash: Generated<string>;
  /** The start of the UTC day that was pruned, of which the date's own zone may have another. */
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
