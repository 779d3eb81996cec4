import type google from '@google-cloud/bigquery/build/src/types.js';
import { z } from 'zod';
import { tableReference } from '../../../estimate/dry-run-answer.ts';
import type { Bytes } from '../../../vocabulary/bytes.ts';
import type { TableReference } from '../../../vocabulary/table.ts';
import { BadRequest } from '../../stop.ts';
import { isJsonObject, type JsonObject } from '../exact-json.ts';
import {
  refuseCapacityPurchase,
  refuseContinuous,
  refuseFullLabels,
  refuseOtherProject,
  refuseOverlong,
  refuseProjectNumber,
  refuseSeveralJobs,
} from './refused-jobs.ts';
import { parseBody, parseShape, refuseSnakeCase } from './request-body.ts';

/** A job with SQL, as a client sent it through `jobs.query` or `jobs.insert`. */
export interface QueryJob {
  readonly method: 'jobs.query' | 'jobs.insert';
  readonly projectId: string;
  readonly sql: string;
  readonly location: string | null;
  readonly defaultDataset: { readonly projectId?: string; readonly datasetId: string } | null;
  /** Where the client wants the result written; null for a temporary table. */
  readonly destination: TableReference | null;
  readonly labels: Readonly<Record<string, string>>;
  /** The client's own `maximumBytesBilled`. */
  readonly clientCap: Bytes | null;
  /** The request's body, with exact numbers. */
  readonly body: JsonObject;
}

/** A job without SQL: it moves data, and is free of charge by the byte. */
export interface OtherJob {
  readonly jobType: 'LOAD' | 'COPY' | 'EXTRACT';
  readonly projectId: string;
  /** The tables that it copies or extracts. */
  readonly sources: readonly TableReference[];
  /** The table that it fills; null if it fills none. */
  readonly destination: TableReference | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

/** What the body of a guarded method contains. */
export type JobRequest =
  | { readonly kind: 'query'; readonly job: QueryJob }
  | { readonly kind: 'dry run'; readonly body: JsonObject }
  | { readonly kind: 'other job'; readonly job: OtherJob };

/** A number that does not fit a double is parsed into an object that writes itself unchanged. */
const int64 = z.preprocess(
  (value) => (typeof value === 'object' ? JSON.stringify(value) : value),
  z.union([z.string().regex(/^-?\d+$/), z.number().int()]).transform(BigInt),
);
const labels = z.record(z.string(), z.string());
const dataset = z.looseObject({ datasetId: z.string(), projectId: z.string().optional() });

/** The fields of a query that the guard reads; all others are passed on unchanged. Google treats null as absent. */
const queryFields = {
  query: z.string('expected the SQL text'),
  maximumBytesBilled: int64.nullish(),
  defaultDataset: dataset.nullish(),
  continuous: z.boolean().nullish(),
};

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query#QueryRequest */
const queryRequest = z.looseObject({
  ...queryFields,
  dryRun: z.boolean().nullish(),
  labels: labels.nullish(),
  location: z.string().nullish(),
});

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfiguration */
const insertRequest = z.looseObject({
  jobReference: z.looseObject({ projectId: z.string().nullish(), location: z.string().nullish() }).nullish(),
  configuration: z.looseObject({
    query: z.looseObject(queryFields).nullish(),
    dryRun: z.boolean().nullish(),
    labels: labels.nullish(),
  }),
});

/**
 * Reads the body of a guarded method.
 * @throws BadRequest if it is not JSON or not what the API documents, and for SQL or a project that is not accepted
 */
export function readJobRequest(
  method: 'jobs.query' | 'jobs.insert',
  projectId: string,
  bytes: Uint8Array,
): JobRequest {
  refuseProjectNumber(projectId);
  const body = parseBody(bytes);
  const request =
    method === 'jobs.query' ? readQueryRequest(projectId, body) : readInsertRequest(projectId, body);
  if (request.kind === 'query') {
    refuseOverlong(request.job.sql);
    refuseCapacityPurchase(request.job.sql);
    refuseFullLabels(request.job.labels);
  }
  return request;
}

function readQueryRequest(projectId: string, body: JsonObject): JobRequest {
  refuseSnakeCase(body, '', ['defaultDataset']);
  const request = parseShape(queryRequest, body);
  if (request.dryRun === true) return { kind: 'dry run', body };
  refuseContinuous(request);
  return {
    kind: 'query',
    job: {
      method: 'jobs.query',
      projectId,
      sql: request.query,
      location: request.location ?? null,
      defaultDataset: datasetOf(request.defaultDataset),
      destination: null,
      labels: request.labels ?? {},
      clientCap: capOf(request.maximumBytesBilled),
      body,
    },
  };
}

/** BigQuery fills these. Java's client sends them with a job that it makes of one that it got. */
const SNAKE_CASE_IN_JOB: readonly (keyof google.default.IJob)[] = ['user_email', 'principal_subject'];

function readInsertRequest(projectId: string, body: JsonObject): JobRequest {
  refuseSnakeCase(body, '', ['jobReference', 'configuration'], SNAKE_CASE_IN_JOB);
  const { configuration, jobReference } = parseShape(insertRequest, body);
  refuseOtherProject(jobReference?.projectId, projectId);
  refuseSeveralJobs(configuration);
  // The API leaves undefined what a dry run of any other job does, so that one counts as a job that runs.
  if (!configuration.query) return { kind: 'other job', job: otherJob(projectId, configuration, body) };
  if (configuration.dryRun === true) return { kind: 'dry run', body };
  refuseSnakeCase(configuration.query, 'configuration.query.', ['defaultDataset', 'destinationTable']);
  refuseContinuous(configuration.query);
  return {
    kind: 'query',
    job: {
      method: 'jobs.insert',
      projectId,
      sql: configuration.query.query,
      location: jobReference?.location ?? null,
      defaultDataset: datasetOf(configuration.query.defaultDataset),
      destination: destinationIn(configuration.query),
      labels: configuration.labels ?? {},
      clientCap: capOf(configuration.query.maximumBytesBilled),
      body,
    },
  };
}

function otherJob(
  projectId: string,
  configuration: z.infer<typeof insertRequest>['configuration'],
  body: JsonObject,
): OtherJob {
  for (const jobType of ['LOAD', 'COPY', 'EXTRACT'] as const) {
    const name = jobType.toLowerCase();
    const moved = configuration[name];
    if (!isJsonObject(moved)) continue;
    refuseSnakeCase(moved, `configuration.${name}.`, ['sourceTable', 'sourceTables', 'destinationTable']);
    const [sources, destination] = [sourcesIn(moved), destinationIn(moved)];
    return { jobType, projectId, sources, destination, labels: configuration.labels ?? {}, body };
  }
  throw new BadRequest('invalid', 'The job has no query, load, copy or extract configuration.');
}

/** The destination in a job's configuration; null if there is none, or it is not a table's name. */
function destinationIn(configuration: JsonObject): TableReference | null {
  return tableReference.safeParse(configuration['destinationTable']).data ?? null;
}

/** The source or sources in a job's configuration; anything that is not a table's name is left out. */
function sourcesIn({ sourceTable, sourceTables }: JsonObject): readonly TableReference[] {
  const named: readonly unknown[] = Array.isArray(sourceTables) ? sourceTables : [sourceTable];
  return named.flatMap((one) => tableReference.safeParse(one).data ?? []);
}

function datasetOf(
  value: { readonly datasetId: string; readonly projectId?: string | undefined } | null | undefined,
): QueryJob['defaultDataset'] {
  if (value === null || value === undefined) return null;
  return value.projectId === undefined
    ? { datasetId: value.datasetId }
    : { projectId: value.projectId, datasetId: value.datasetId };
}

/** Less than one byte is not a cap of the client's own: clients write 0 if none is set. */
function capOf(maximumBytesBilled: Bytes | null | undefined): Bytes | null {
  return maximumBytesBilled && maximumBytesBilled >= 1n ? maximumBytesBilled : null;
}
