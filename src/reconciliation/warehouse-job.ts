import type { Bytes } from '../vocabulary/bytes.ts';

/** A query job that is no child of a script, as the warehouse's own list has it. */
export interface WarehouseJob {
  readonly projectId: string;
  /** The location in whose list it stands, as BigQuery writes it. */
  readonly location: string;
  readonly jobId: string;
  readonly principal: string | null;
  readonly createdAtMs: number;
  /** Null while it runs. */
  readonly endedAtMs: number | null;
  readonly statementType: string;
  /** Null where the warehouse does not tell. */
  readonly bytesProcessed: Bytes | null;
  /** Null where the warehouse does not tell, as it never does of tables with row-level security. */
  readonly bytesBilled: Bytes | null;
  readonly slotMs: bigint;
  /** The reservation that it ran on; null where the warehouse names none. */
  readonly reservation: string | null;
  readonly cacheHit: boolean;
  readonly errorReason: string | null;
  /** The decision that its label names, or null. Anyone can write a label: it proves nothing by itself. */
  readonly labelledDecision: string | null;
  /** True for the jobs that reconciliations read this list by. */
  readonly ofReconciliation: boolean;
  /** The SQL's first 200 characters. */
  readonly sqlStart: string;
}

/** A job of which the warehouse tells what it was billed: no other has a price. */
export type BilledJob = WarehouseJob & { readonly bytesBilled: Bytes };

/** Whether the warehouse tells what a job was billed. */
export function isBilled(job: WarehouseJob): job is BilledJob {
  return job.bytesBilled !== null;
}
