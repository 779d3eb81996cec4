import {
  type JobRequest,
  type QueryJob,
  readJobRequest,
} from '../../../../src/proxy/request/job/query-job.ts';

export type Method = 'jobs.query' | 'jobs.insert';

export function read(method: Method, body: unknown): JobRequest {
  return readText(method, JSON.stringify(body));
}

export function readText(method: Method, text: string): JobRequest {
  return readJobRequest(method, 'guardrail-demo', Buffer.from(text));
}

/** The query job in a body that contains a query. */
export function queryIn(method: Method, body: unknown): QueryJob {
  return queryInText(method, JSON.stringify(body));
}

export function queryInText(method: Method, text: string): QueryJob {
  const request = readText(method, text);
  if (request.kind !== 'query') throw new Error(`a ${request.kind} job`);
  return request.job;
}

/** Every field of a `jobs.query`, as the API documents it. */
export const fullQuery = {
  kind: 'bigquery#queryRequest',
  query: 'SELECT 1',
  maxResults: 100,
  defaultDataset: { projectId: 'other', datasetId: 'atendimento' },
  timeoutMs: 10_000,
  jobTimeoutMs: '60000',
  destinationEncryptionConfiguration: { kmsKeyName: 'key' },
  useQueryCache: false,
  useLegacySql: false,
  parameterMode: 'POSITIONAL',
  queryParameters: [{ parameterType: { type: 'INT64' }, parameterValue: { value: '7' } }],
  location: 'southamerica-east1',
  formatOptions: { useInt64Timestamp: true },
  connectionProperties: [{ key: 'time_zone', value: 'America/Sao_Paulo' }],
  labels: { tool: 'metabase' },
  maximumBytesBilled: '1000',
  requestId: 'abc',
  createSession: false,
  secureContext: { secureParameterEntries: { tenant: 'atendimento' } },
  jobCreationMode: 'JOB_CREATION_OPTIONAL',
};

export const fullInsert = {
  jobReference: { projectId: 'guardrail-demo', jobId: 'job_1', location: 'southamerica-east1' },
  configuration: {
    jobTimeoutMs: '60000',
    labels: { tool: 'dbt' },
    query: {
      query: 'SELECT 1',
      defaultDataset: { datasetId: 'atendimento' },
      destinationTable: { projectId: 'guardrail-demo', datasetId: 'd', tableId: 't' },
      writeDisposition: 'WRITE_TRUNCATE',
      useLegacySql: false,
      maximumBytesBilled: 2000,
      tableDefinitions: { x: { sourceUris: ['gs://b/o'], sourceFormat: 'CSV' } },
    },
  },
};
