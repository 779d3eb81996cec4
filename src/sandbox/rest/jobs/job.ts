import type { BigQueryError, FieldSchema, QueryPlan, TableReference } from '../../warehouse.ts';
import type { QueryJob } from './query-job.ts';

export interface JobReference {
  readonly projectId: string;
  readonly jobId: string;
  readonly location: string;
}

/** A query job, from its creation on. `progress` returns what changes. */
export interface Job {
  readonly reference: JobReference;
  readonly principal: string;
  readonly query: QueryJob;
  /** The sandbox numbers its jobs, from one. */
  readonly sequence: number;
  readonly creationTimeMs: number;
  /** Where the rows go: the anonymous table of the job's results. */
  readonly resultId: string;
  progress(): JobProgress;
  /** Resolves when the query has been planned, or planning has failed. Never rejects. */
  readonly planned: Promise<void>;
  /** Resolves when the job has ended, well or badly. Never rejects. */
  readonly done: Promise<JobDone>;
  /** Asks a running job to stop; it ends with the reason `stopped`. */
  cancel(): void;
}

export type JobProgress = JobRunning | JobDone;

interface JobRunning {
  readonly state: 'RUNNING';
  /** Null until the query has been planned. */
  readonly statistics: QueryStatistics | null;
}

export interface JobDone {
  readonly state: 'DONE';
  readonly endTimeMs: number;
  /** Null if the query could not be planned. */
  readonly statistics: QueryStatistics | null;
  /** Null if the job succeeded. */
  readonly error: BigQueryError | null;
  /** Rows that DML changed, or null. */
  readonly affectedRows: bigint | null;
}

/** What is known about a query once it is planned, and what a job came to. */
export interface QueryStatistics {
  readonly statementType: string;
  readonly totalBytesProcessed: bigint;
  readonly totalBytesBilled: bigint;
  readonly accuracy: QueryPlan['accuracy'];
  readonly referencedTables: readonly TableReference[];
  readonly referencedViews: readonly TableReference[];
  readonly schema: readonly FieldSchema[];
  readonly cacheHit: boolean;
}

/** The findings of a plan, without the plan itself, which may hold on to much more. */
export function statisticsOf(plan: QueryPlan): QueryStatistics {
  const { statementType, totalBytesProcessed, totalBytesBilled, accuracy, schema } = plan;
  const { referencedTables, referencedViews } = plan;
  return {
    statementType,
    totalBytesProcessed,
    totalBytesBilled,
    accuracy,
    referencedTables,
    referencedViews,
    schema,
    cacheHit: false,
  };
}

/** BigQuery answers from its cache for free: no bytes processed, none billed. */
export function servedFromCache(statistics: QueryStatistics): QueryStatistics {
  return {
    ...statistics,
    totalBytesProcessed: 0n,
    totalBytesBilled: 0n,
    accuracy: 'PRECISE',
    cacheHit: true,
  };
}

/** Nothing is billed: a failed job is free. */
export function unbilled(statistics: QueryStatistics): QueryStatistics {
  return { ...statistics, totalBytesBilled: 0n };
}

/** `project:US.job`, as in the API's `id` and messages. */
export function jobName(reference: JobReference): string {
  return `${reference.projectId}:${reference.location}.${reference.jobId}`;
}
