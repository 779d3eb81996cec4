import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { BigQueryError } from '../../warehouse.ts';
import { type Job, type JobReference, type QueryStatistics, servedFromCache, statisticsOf } from './job.ts';
import type { QueryJob } from './query-job.ts';
import { type JobContext, runJob } from './run-job.ts';

/** Who starts a job, and what to call it. */
export interface JobRequest {
  readonly principal: string;
  readonly projectId: string;
  /** Null: the sandbox makes one up. */
  readonly jobId: string | null;
  /** Null: where the data is. */
  readonly location: string | null;
  readonly query: QueryJob;
}

export interface Jobs {
  /** @throws BigQueryError `accessDenied`, `duplicate`, or `notFound` for a location without data */
  start(request: JobRequest): Job;
  /** Prices a query without creating a job. */
  dryRun(request: JobRequest): Promise<QueryStatistics>;
  /** @throws BigQueryError `notFound` */
  get(reference: {
    readonly projectId: string;
    readonly jobId: string;
    readonly location: string | null;
  }): Job;
  newestFirst(projectId: string): Iterable<Job>;
}

const JOB_ID = /^[A-Za-z0-9_-]{1,1024}$/;

/** Runs jobs as they come; the store keeps as many of them as its limits allow. */
export function createJobs(context: JobContext): Jobs {
  const { warehouse, cache, store } = context;
  let started = 0;

  return {
    start(request) {
      const reference = checkRequest(request, warehouse);
      store.refuseDuplicate(reference);
      const { principal, query } = request;
      started += 1;
      const job = runJob(context, { reference, principal, query, sequence: started });
      store.add(job);
      return job;
    },
    async dryRun(request) {
      checkRequest(request, warehouse);
      const cached = cache.find(request.principal, request.query);
      if (cached !== null) return servedFromCache(cached.statistics);
      return statisticsOf(await warehouse.plan(request.query.request));
    },
    get: ({ projectId, jobId, location }) =>
      store.get({
        projectId,
        jobId,
        location: canonicalLocation(location ?? warehouse.location, warehouse.location),
      }),
    newestFirst: (projectId) => store.newestFirst(projectId),
  };
}

/** @throws BigQueryError if such a job cannot be started */
function checkRequest(request: JobRequest, warehouse: JobContext['warehouse']): JobReference {
  const { projectId } = request;
  if (!warehouse.listProjects().includes(projectId)) {
    throw new BigQueryError(
      403,
      'accessDenied',
      `Access Denied: Project ${projectId}: User does not have bigquery.jobs.create permission in project ${projectId}.`,
    );
  }
  const location = request.location ?? warehouse.location;
  if (location.toLowerCase() !== warehouse.location.toLowerCase()) {
    const where = `the sandbox has data in ${warehouse.location} only`;
    throw new BigQueryError(404, 'notFound', `Not found: Location ${location}; ${where}`, 'location');
  }
  if (request.jobId !== null && !JOB_ID.test(request.jobId)) {
    const rule = 'letters, digits, dashes and underscores, 1,024 at most';
    throw new BigQueryError(400, 'invalid', `Invalid job ID "${request.jobId}": it takes ${rule}.`);
  }
  const jobId = request.jobId ?? `job_${randomBytes(21).toString('base64url')}`;
  return { projectId, jobId, location: warehouse.location };
}

/** `us` is `US`; any other location stays as written. */
function canonicalLocation(location: string, canonical: string): string {
  return location.toLowerCase() === canonical.toLowerCase() ? canonical : location;
}

/** BigQuery never waits longer than this, whatever a client asks. */
const MAX_WAIT_MS = 200_000;

/** Waits for a job to end, but no longer than that. */
export async function waitFor(job: Job, timeoutMs: number): Promise<void> {
  const ended = new AbortController();
  const timer = delay(Math.min(timeoutMs, MAX_WAIT_MS), undefined, { signal: ended.signal }).catch(
    () => undefined,
  );
  await Promise.race([job.done, timer]);
  ended.abort();
}
