import type { Bytes } from './bytes.ts';
import type { Caller } from './caller.ts';
import type { Estimate } from './estimate.ts';
import type { Money } from './money.ts';
import type { RuleHit, SqlRetention } from './policy.ts';
import type { RecordedReading } from './reading.ts';
import type { TableReference } from './table.ts';

/**
 * How a query left the guard. `failed`: it could not be priced (bad SQL, no access, warehouse down). `unguarded`: it
 * bypassed guardrail; reconciliation found its job in the warehouse.
 */
export const outcomes = ['admitted', 'refused', 'failed', 'unguarded'] as const;
export type Outcome = (typeof outcomes)[number];

/** The milliseconds that each step took after the one before it; null for a step that was not reached. */
interface StepTimes {
  readonly read: number;
  readonly estimate: number | null;
  readonly decide: number | null;
}

/** One query's passage through the guard, as recorded. */
export interface Decision {
  readonly id: string;
  readonly atMs: number;
  readonly projectId: string;
  readonly caller: Caller;
  /** Depending on `sqlRetention`: the text, the text without its literals, a digest of it, or nothing. */
  readonly sql: string;
  readonly sqlRetention: SqlRetention;
  readonly reading: RecordedReading;
  /** Null if the query could not be priced. */
  readonly estimate: Estimate | null;
  /** What the estimate would cost; null if it could not be priced. */
  readonly estimatedCost: Money | null;
  /**
   * Tables and views that the query fills, changes or creates, according to its SQL, its request and its dry run.
   * Absent in records from before this was known.
   */
  readonly writes?: readonly TableReference[];
  readonly estimateCached: boolean;
  readonly outcome: Outcome;
  /** A short cause for `refused` and `failed`: the rule's or budget's name, or the warehouse's reason. */
  readonly cause: string | null;
  readonly hits: readonly RuleHit[];
  /** The `maximumBytesBilled` that was sent along; null if nothing was forwarded. */
  readonly maximumBytesBilled: Bytes | null;
  /** The guard's own time, including the dry run. */
  readonly overheadMs: number;
  /**
   * The time that each of the guard's steps took; absent in decisions from before it was kept, and in those of jobs
   * that only reconciliation saw.
   */
  readonly stepMs?: StepTimes;
}

/**
 * Where the settled figures come from. `assumed`: the job could not be asked, or does not say, so the reservation stands.
 * `repeated`: a client repeated the same request and got the same job, which another decision has paid for. `reconciled`:
 * the warehouse's own list of jobs said so later.
 */
export const settlementSources = ['response', 'job', 'not run', 'assumed', 'repeated', 'reconciled'] as const;
export type SettlementSource = (typeof settlementSources)[number];

/** What a forwarded query came to. */
export interface Settlement {
  readonly decisionId: string;
  readonly atMs: number;
  /** BigQuery's job, `project:location.job`, or null if none was created. */
  readonly jobId: string | null;
  readonly bytesProcessed: Bytes;
  readonly bytesBilled: Bytes;
  /** The part of the bytes billed that the free tier covered. */
  readonly freeBytes: Bytes;
  readonly cost: Money;
  readonly cacheHit: boolean;
  readonly slotMs: number | null;
  /** From admission to the end of the answer or of the job; null if it is not known. */
  readonly durationMs: number | null;
  /** BigQuery's error reason if the job failed, otherwise null. */
  readonly errorReason: string | null;
  readonly source: SettlementSource;
}

/** The figures of a settlement if no job ran. */
export const NOTHING_RAN = {
  jobId: null,
  bytesProcessed: 0n,
  bytesBilled: 0n,
  cacheHit: false,
  slotMs: null,
} as const satisfies Partial<Settlement>;
