import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { BigQueryError, type QueryPlan, type Warehouse } from '../../warehouse.ts';
import { asBigQueryError } from '../errors.ts';
import {
  type Job,
  type JobDone,
  type JobProgress,
  type JobReference,
  jobName,
  type QueryStatistics,
  servedFromCache,
  statisticsOf,
  unbilled,
} from './job.ts';
import { jobRecords } from './job-record.ts';
import type { JobStore } from './job-store.ts';
import type { QueryJob } from './query-job.ts';
import type { CachedResult, ResultCache } from './result-cache.ts';
import type { ResultStore } from './result-store.ts';

/** What a job runs on. */
export interface JobContext {
  readonly warehouse: Warehouse;
  readonly results: ResultStore;
  readonly cache: ResultCache;
  /** The existing jobs, for queries of INFORMATION_SCHEMA.JOBS. */
  readonly store: JobStore;
  /** Aborted when the sandbox stops: every job under way is cancelled. */
  readonly stopping: AbortSignal;
  readonly log: Logger;
}

/** Starts a query job. It runs on by itself; its outcome is in the job. */
export function runJob(
  context: JobContext,
  job: Pick<Job, 'reference' | 'principal' | 'query' | 'sequence'>,
): Job {
  const cancelled = new AbortController();
  const planned = Promise.withResolvers<void>();
  const cached = context.cache.find(job.principal, job.query);
  const resultId = cached?.resultId ?? anonymousTableId(job.reference);
  let progress: JobProgress = { state: 'RUNNING', statistics: null };

  const run = async (): Promise<JobDone> => {
    const signal = AbortSignal.any([cancelled.signal, context.stopping]);
    const onPlanned = (statistics: QueryStatistics): void => {
      progress = { state: 'RUNNING', statistics };
      planned.resolve();
    };
    const outcome = await (cached === null
      ? compute(context, { ...job, resultId, signal }, onPlanned)
      : fromCache(cached));
    return { state: 'DONE', endTimeMs: Date.now(), ...outcome };
  };
  const done = run().then((ended) => {
    progress = ended;
    planned.resolve();
    return ended;
  });
  return {
    ...job,
    resultId,
    creationTimeMs: Date.now(),
    progress: () => progress,
    planned: planned.promise,
    done,
    cancel: () => cancelled.abort(),
  };
}

type Outcome = Omit<JobDone, 'state' | 'endTimeMs'>;

function fromCache(cached: CachedResult): Outcome {
  return { statistics: servedFromCache(cached.statistics), error: null, affectedRows: null };
}

/** A query that is computed, since the cache does not have its result. */
interface Computation {
  readonly principal: string;
  readonly query: QueryJob;
  /** Where the rows go. */
  readonly resultId: string;
  readonly signal: AbortSignal;
}

async function compute(
  context: JobContext,
  computation: Computation,
  onPlanned: (statistics: QueryStatistics) => void,
): Promise<Outcome> {
  const { query, signal } = computation;
  let statistics: QueryStatistics | null = null;
  try {
    const plan = await context.warehouse.plan(query.request);
    statistics = statisticsOf(plan);
    enforceMaximumBytesBilled(plan, query.maximumBytesBilled);
    onPlanned(statistics);
    signal.throwIfAborted();
    const affectedRows = await execute(context, computation, plan);
    return { statistics, error: null, affectedRows };
  } catch (thrown) {
    return failure(context, thrown, statistics, signal);
  }
}

/** Runs a plan and keeps its rows. Returns how many rows it changed, or null. */
async function execute(
  { warehouse, results, cache, store }: JobContext,
  { principal, query, resultId, signal }: Computation,
  plan: QueryPlan,
): Promise<bigint | null> {
  const isSelect = plan.statementType === 'SELECT';
  const tablesVersion = cache.tablesVersion();
  try {
    const rows = await warehouse.run(plan, signal, jobRecords(store, plan.request.projectId));
    results.put({ id: resultId, principal, rows });
    if (isSelect && plan.cacheable) {
      cache.put(principal, query, { resultId, statistics: statisticsOf(plan) }, tablesVersion);
    }
    return rows.affectedRows;
  } finally {
    // A statement that failed half-way may have changed tables as well.
    if (!isSelect) cache.tablesChanged();
  }
}

/** @see https://cloud.google.com/bigquery/docs/best-practices-costs#limit_query_costs_by_restricting_the_number_of_bytes_billed */
function enforceMaximumBytesBilled(plan: QueryPlan, maximumBytesBilled: bigint | null): void {
  if (maximumBytesBilled === null || plan.totalBytesBilled <= maximumBytesBilled) return;
  throw new BigQueryError(
    400,
    'bytesBilledLimitExceeded',
    `Query exceeded limit for bytes billed: ${maximumBytesBilled}. ${plan.totalBytesBilled} or higher required.`,
  );
}

function failure(
  { log }: JobContext,
  thrown: unknown,
  statistics: QueryStatistics | null,
  signal: AbortSignal,
): Outcome {
  if (signal.aborted) {
    // BigQuery may bill a cancelled query in full; the sandbox always does, so that nobody counts on less.
    const error = new BigQueryError(
      499,
      'stopped',
      'Job execution was cancelled: User requested cancellation',
    );
    return { statistics, error, affectedRows: null };
  }
  const error = asBigQueryError(thrown);
  if (error.reason === 'internalError') log.error({ err: thrown }, 'the sandbox failed on a query');
  return { statistics: statistics === null ? null : unbilled(statistics), error, affectedRows: null };
}

/** BigQuery puts results into an anonymous table, from which clients may read rows by name. */
function anonymousTableId(reference: JobReference): string {
  return `anon${createHash('sha256').update(jobName(reference)).digest('hex')}`;
}
