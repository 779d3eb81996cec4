import { randomUUID } from 'node:crypto';
import { PROJECT } from '../../guardrail.ts';
import { type ClientShape, JOBS, QUERIES, type StartedJob } from './shape.ts';

/** Tools on Google's client for Node. Its requests were recorded from the packages named as their sources. */
function headers(agent: string, version: string): Readonly<Record<string, string>> {
  return {
    accept: '*/*',
    'accept-encoding': 'gzip,deflate',
    'content-type': 'application/json',
    'user-agent': agent,
    'x-goog-api-client': `gl-node/24.21.0 gccl/${version}`,
  };
}

const INSERT = `${JOBS}?prettyPrint=false`;
const ofJob = ({ location }: StartedJob) => `location=${location}&prettyPrint=false`;
const typed = 'formatOptions.useInt64Timestamp=true';

export const CUBE: ClientShape = {
  client: 'Cube',
  source: 'npm: @cubejs-backend/bigquery-driver 1.7.43 (runQueryJob, awaitForJobStatus)',
  tool: 'cube',
  headers: headers('CubeDev_Cube/1.7.43 gcloud-node-bigquery/7.9.4', '7.9.4'),
  where: 'status = ?',
  labels: { cube_request_id: '11111111-2222-3333-4444-555555555555' },
  start: (sql) => ({
    path: INSERT,
    body: {
      configuration: {
        query: {
          query: sql,
          useLegacySql: false,
          parameterMode: 'positional',
          wrapIntegers: true,
          queryParameters: sql.includes('?')
            ? [{ parameterType: { type: 'STRING' }, parameterValue: { value: 'open' } }]
            : [],
        },
        labels: CUBE.labels,
      },
      jobReference: { projectId: PROJECT, jobId: randomUUID() },
    },
  }),
  reads: (job) => [
    `${JOBS}/${job.jobId}?${ofJob(job)}`,
    `${QUERIES}/${job.jobId}?location=${job.location}&${typed}&prettyPrint=false`,
  ],
};

export const MALLOY: ClientShape = {
  client: 'Malloy',
  source: 'npm: @malloydata/db-bigquery 0.0.431 (createBigQueryJob, getQueryResultsUntilComplete)',
  tool: 'malloy',
  headers: headers('Malloy/0.0.431 gcloud-node-bigquery/7.9.4', '7.9.4'),
  labels: { source: 'my_model' },
  cap: 26_843_545_600n,
  dryRun: (sql) => ({
    path: INSERT,
    body: {
      configuration: { query: { useLegacySql: false, query: sql }, dryRun: true },
      jobReference: { projectId: PROJECT, jobId: randomUUID(), location: 'US' },
    },
  }),
  start: (sql) => ({
    path: INSERT,
    body: {
      configuration: {
        query: { useLegacySql: false, maximumBytesBilled: '26843545600', query: sql },
        jobTimeoutMs: '600000',
        labels: MALLOY.labels,
      },
      jobReference: { projectId: PROJECT, jobId: randomUUID(), location: 'US' },
    },
  }),
  reads: (job) => [
    `${QUERIES}/${job.jobId}?location=${job.location}&${typed}&maxResults=10&startIndex=0&timeoutMs=120000&prettyPrint=false`,
    `${JOBS}/${job.jobId}?${ofJob(job)}`,
  ],
};

export const DATAFORM: ClientShape = {
  client: "Dataform's command line",
  source: 'npm: @dataform/cli 3.0.69 (dataform run)',
  tool: 'node',
  headers: headers('gcloud-node-bigquery/8.3.1', '8.3.1'),
  start: (sql) => ({
    path: INSERT,
    body: {
      configuration: {
        query: { useLegacySql: false, query: sql, maxResults: 1, reservation: '' },
        labels: {},
      },
      jobReference: { projectId: PROJECT, jobId: `dataform-${randomUUID()}`, location: 'US' },
    },
  }),
  reads: (job) => [
    `${QUERIES}/${job.jobId}?location=${job.location}&${typed}&prettyPrint=false`,
    `${JOBS}/${job.jobId}?${ofJob(job)}`,
  ],
};
