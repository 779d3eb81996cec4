import type { Bytes } from '../../../vocabulary/bytes.ts';
import type { ModelShare } from '../../../vocabulary/models.ts';

/** A query job that is not a child of a script, from the warehouse's own list. */
export interface WarehouseJob {
  readonly projectId: string;
  /** The location in whose list it is, as BigQuery writes it. */
  readonly location: string;
  readonly jobId: string;
  readonly principal: string | null;
  readonly createdAtMs: number;
  /** Null while it runs. */
  readonly endedAtMs: number | null;
  readonly statementType: string;
  /** Null if the warehouse does not say. */
  readonly bytesProcessed: Bytes | null;
  /** Null if the warehouse does not say, as for tables with row-level security. */
  readonly bytesBilled: Bytes | null;
  /** What of them went into models that it made, by itself or as a script. */
  readonly models: ModelShare;
  readonly slotMs: bigint;
  /** The reservation that it ran on; null if the warehouse names none. */
  readonly reservation: string | null;
  readonly cacheHit: boolean;
  readonly errorReason: string | null;
  /** The decision in its label, or null. Anyone can write a label: it proves nothing by itself. */
  readonly labelledDecision: string | null;
  /** True for the jobs with which reconciliations read this list. */
  readonly ofReconciliation: boolean;
  /** The SQL's first 200 characters. */
  readonly sqlStart: string;
}

/** A job whose billed bytes the warehouse reports: no other has a price. */
export type BilledJob = WarehouseJob & { readonly bytesBilled: Bytes };

/** Whether the warehouse reports what a job was billed. */
export function isBilled(job: WarehouseJob): job is BilledJob {
  return job.bytesBilled !== null;
}
