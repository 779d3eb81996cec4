import { randomBytes } from 'node:crypto';
import { PROJECT } from '../../guardrail.ts';
import { type ClientShape, JOBS, QUERIES } from './shape.ts';

/** Clients built on Google's API client for Python, which is generated from the API's discovery document. */
function headers(agent: string): Readonly<Record<string, string>> {
  return {
    accept: 'application/json',
    'accept-encoding': 'gzip, deflate',
    'content-type': 'application/json',
    'user-agent': agent,
    'x-goog-api-client': 'gdcl/2.156.0 gl-python/3.12.1',
  };
}

export const BQ: ClientShape = {
  client: 'the bq command line',
  source:
    'google-cloud-sdk-unofficial/google-cloud-sdk: platform/bq/clients/client_job.py (Query, PollJob), table_reader.py (JobTableReader), bigquery_http.py, platform/bq/bq_utils.py (GetUserAgent)',
  tool: 'bq',
  headers: headers('google-cloud-sdk548.0.0 google-api-python-client (gzip)'),
  start: (sql) => ({
    path: `${JOBS}?alt=json`,
    body: {
      configuration: { query: { query: sql, useLegacySql: false, useQueryCache: true } },
      jobReference: { jobId: `bqjob_r${randomBytes(8).toString('hex')}_1`, projectId: PROJECT },
    },
  }),
  reads: ({ jobId, location }) => [
    `${JOBS}/${jobId}?location=${location}&alt=json`,
    `${QUERIES}/${jobId}?startIndex=0&maxResults=100&timeoutMs=0&location=${location}&alt=json`,
  ],
};

const HASH = '0cc175b9c0f1b6a831c399e269772661';

export const REDASH: ClientShape = {
  client: 'Redash',
  source:
    'getredash/redash: redash/query_runner/big_query.py (_get_query_result), redash/query_runner/__init__.py (annotate_query)',
  tool: 'redash',
  headers: headers('google-api-python-client (gzip)'),
  hints: { person: 'ana@example.com', dashboard: null, card: '7' },
  start: (sql) => ({
    path: `${JOBS}?alt=json`,
    body: {
      configuration: {
        query: {
          query: `/* Username: ana@example.com, query_id: 7, Queue: queries, Job ID: ${randomBytes(8).toString('hex')}, Query Hash: ${HASH}, Scheduled: False */ ${sql}`,
          useLegacySql: false,
        },
      },
    },
  }),
  reads: ({ jobId, location }) => [`${QUERIES}/${jobId}?location=${location}&startIndex=0&alt=json`],
};

export const PYTHON_SCRIPT: ClientShape = {
  client: "a script on Google's API client for Python",
  source:
    "Debian: python3-googleapi 1.7.12, with oauth2client's AccessTokenCredentials, whose user agent is the script's own",
  tool: 'python',
  headers: { ...headers('my-script/1.0 (gzip)'), 'x-goog-api-client': 'gdcl/1.7.12 gl-python/3.11.2' },
  start: (sql) => ({
    path: `${QUERIES}?alt=json`,
    body: { query: sql, useLegacySql: false, maxResults: 2 },
  }),
  reads: ({ jobId }) => [`${QUERIES}/${jobId}?maxResults=5000&alt=json`],
};
