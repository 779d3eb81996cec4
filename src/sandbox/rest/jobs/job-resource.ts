import { createHash } from 'node:crypto';
import type { TableReference } from '../../warehouse.ts';
import { errorProto } from '../errors.ts';
import type { JsonObject } from '../http/json.ts';
import type { Job, JobDone, JobProgress, QueryStatistics } from './job.ts';
import { jobName } from './job.ts';
import type { QueryJob } from './query-job.ts';

/** How job resources are presented. */
export interface JobView {
  /** The address through which the client reaches the sandbox, such as `http://127.0.0.1:9050`. */
  readonly origin: string;
  /** BigQuery does not promise `user_email` for dry runs; this leaves it out everywhere. */
  readonly omitUserEmail: boolean;
}

/**
 * A job as in `jobs.get`, without its etag.
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/Job
 */
export function jobResource(job: Job, view: JobView): JsonObject {
  const { projectId, jobId, location } = job.reference;
  const progress = job.progress();
  const error = progress.state === 'DONE' ? progress.error : null;
  const destinationTable = destinationOf(job);
  return {
    kind: 'bigquery#job',
    id: jobName(job.reference),
    selfLink: `${view.origin}/bigquery/v2/projects/${projectId}/jobs/${jobId}?location=${location}`,
    ...userOf(job.principal, view),
    configuration: {
      ...configurationOf(job.query),
      query: {
        ...queryConfigurationOf(job.query),
        ...(destinationTable === null ? {} : { destinationTable }),
      },
    },
    jobReference: job.reference,
    statistics: jobStatisticsOf(job, progress),
    status: {
      state: progress.state,
      ...(error === null ? {} : { errorResult: errorProto(error), errors: [errorProto(error)] }),
    },
  };
}

/** What `jobs.insert` answers to a dry run. Such a job is not kept. */
export function dryRunResource(
  dryRun: {
    readonly reference: {
      readonly projectId: string;
      readonly jobId: string | null;
      readonly location: string;
    };
    readonly principal: string;
    readonly query: QueryJob;
    readonly statistics: QueryStatistics;
  },
  view: JobView,
): JsonObject {
  const { projectId, jobId, location } = dryRun.reference;
  const bytes = String(dryRun.statistics.totalBytesProcessed);
  return {
    kind: 'bigquery#job',
    id: `${projectId}:${location}.${jobId ?? ''}`,
    selfLink: `${view.origin}/bigquery/v2/projects/${projectId}/jobs/${jobId ?? ''}?location=${location}`,
    ...userOf(dryRun.principal, view),
    configuration: {
      ...configurationOf(dryRun.query),
      dryRun: true,
      query: queryConfigurationOf(dryRun.query),
    },
    jobReference: { projectId, ...(jobId === null ? {} : { jobId }), location },
    statistics: {
      creationTime: String(Date.now()),
      totalBytesProcessed: bytes,
      query: { ...queryStatisticsOf(dryRun.statistics), totalBytesBilled: '0' },
    },
    status: { state: 'DONE' },
  };
}

/** A job as in a list: its resource, with the state at the top, and the configuration only if asked for. */
export function jobListEntry(job: Job, view: JobView, full: boolean): JsonObject {
  const { configuration, selfLink: _, ...resource } = jobResource(job, view);
  const progress = job.progress();
  const error = progress.state === 'DONE' ? progress.error : null;
  return {
    ...resource,
    state: progress.state,
    ...(error === null ? {} : { errorResult: errorProto(error) }),
    ...(full ? { configuration } : {}),
  };
}

/** Slot-milliseconds: the sandbox has one slot, which a job has to itself. */
export function slotMs(job: Job, endTimeMs: number): number {
  const progress = job.progress();
  const ran = progress.statistics !== null && !progress.statistics.cacheHit;
  return ran ? Math.max(1, endTimeMs - job.creationTimeMs) : 0;
}

/**
 * Where a job's rows are: clients may read them there through `tabledata.list`, as the Java client does. Null for jobs
 * without rows, or if that is not known yet.
 */
export function destinationOf(job: Job): TableReference | null {
  if (job.progress().statistics?.statementType !== 'SELECT') return null;
  return {
    projectId: job.reference.projectId,
    datasetId: anonymousDataset(job.principal),
    tableId: job.resultId,
  };
}

/** A principal's hidden dataset for results. */
export function anonymousDataset(principal: string): string {
  return `_${createHash('sha1').update(principal).digest('hex')}`;
}

function userOf(principal: string, view: JobView): JsonObject {
  if (view.omitUserEmail) return {};
  const kind = principal.endsWith('.gserviceaccount.com') ? 'serviceAccount' : 'user';
  return { user_email: principal, principal_subject: `${kind}:${principal}` };
}

function configurationOf(query: QueryJob): JsonObject {
  return {
    jobType: 'QUERY',
    ...(Object.keys(query.labels).length === 0 ? {} : { labels: query.labels }),
  };
}

function queryConfigurationOf({ request, ...query }: QueryJob): JsonObject {
  const named = request.parameters.some((parameter) => parameter.name !== undefined);
  return {
    query: request.sql,
    useLegacySql: false,
    priority: query.priority,
    ...(query.useQueryCache ? {} : { useQueryCache: false }),
    ...(query.maximumBytesBilled === null ? {} : { maximumBytesBilled: String(query.maximumBytesBilled) }),
    ...(request.defaultDataset === undefined ? {} : { defaultDataset: request.defaultDataset }),
    ...(request.parameters.length === 0
      ? {}
      : { parameterMode: named ? 'NAMED' : 'POSITIONAL', queryParameters: request.parameters }),
    createDisposition: 'CREATE_IF_NEEDED',
    writeDisposition: 'WRITE_TRUNCATE',
  };
}

function jobStatisticsOf(job: Job, progress: JobProgress): JsonObject {
  const ended = progress.state === 'DONE' ? progress : null;
  const { statistics } = progress;
  return {
    creationTime: String(job.creationTimeMs),
    startTime: String(job.creationTimeMs),
    ...(ended === null
      ? {}
      : { endTime: String(ended.endTimeMs), totalSlotMs: String(slotMs(job, ended.endTimeMs)) }),
    ...(statistics === null
      ? {}
      : {
          totalBytesProcessed: String(statistics.totalBytesProcessed),
          query: {
            ...queryStatisticsOf(statistics),
            ...(ended === null ? {} : billingOf(job, statistics, ended)),
          },
        }),
  };
}

function billingOf(
  job: Job,
  { totalBytesBilled, cacheHit }: QueryStatistics,
  { endTimeMs, affectedRows }: JobDone,
): JsonObject {
  return {
    totalBytesBilled: String(totalBytesBilled),
    billingTier: cacheHit ? 0 : 1,
    totalSlotMs: String(slotMs(job, endTimeMs)),
    ...(affectedRows === null ? {} : { numDmlAffectedRows: String(affectedRows) }),
  };
}

function queryStatisticsOf(statistics: QueryStatistics): JsonObject {
  return {
    totalBytesProcessed: String(statistics.totalBytesProcessed),
    totalBytesProcessedAccuracy: statistics.accuracy,
    cacheHit: statistics.cacheHit,
    statementType: statistics.statementType,
    ...(statistics.referencedTables.length === 0 ? {} : { referencedTables: statistics.referencedTables }),
    ...(statistics.referencedViews.length === 0
      ? {}
      : { referencedLogicalViews: statistics.referencedViews }),
    ...(statistics.schema.length === 0 ? {} : { schema: { fields: statistics.schema } }),
  };
}
