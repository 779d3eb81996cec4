import { randomUUID } from 'node:crypto';
import { PROJECT } from '../../guardrail.ts';
import { type ClientShape, JOBS, QUERIES, type StartedJob } from './shape.ts';

const AGENT = 'gl-python/3.12.1 grpc/1.70.0 gax/2.24.1 gapic/3.29.0 gccl/3.29.0';

function headers(agent: string): Readonly<Record<string, string>> {
  return {
    'accept-encoding': 'gzip',
    accept: '*/*',
    'content-type': 'application/json',
    'x-goog-api-client': agent,
    'user-agent': agent,
  };
}

/** `QueryJob.result()`: waits without rows, then reads them with the fewest fields. */
function results({ jobId, location }: StartedJob): readonly string[] {
  const fields = encodeURIComponent('jobReference,totalRows,pageToken,rows');
  return [
    `${QUERIES}/${jobId}?maxResults=0&location=${location}&prettyPrint=false`,
    `${QUERIES}/${jobId}?fields=${fields}&location=${location}&formatOptions.useInt64Timestamp=True&prettyPrint=false`,
  ];
}

export const PYTHON_QUERY: ClientShape = {
  client: 'the Python client, query()',
  source:
    'googleapis/python-bigquery: google/cloud/bigquery/_job_helpers.py (query_jobs_insert), client.py; googleapis/python-cloud-core: google/cloud/_http/__init__.py',
  tool: 'python',
  headers: headers(AGENT),
  start: (sql) => ({
    path: `${JOBS}?prettyPrint=false`,
    body: {
      jobReference: { jobId: randomUUID(), projectId: PROJECT },
      configuration: { query: { useLegacySql: false, query: sql } },
    },
  }),
  reads: results,
};

export const PYTHON_QUERY_AND_WAIT: ClientShape = {
  client: 'the Python client, query_and_wait()',
  source:
    'googleapis/python-bigquery: google/cloud/bigquery/_job_helpers.py (query_and_wait, _to_query_request)',
  tool: 'python',
  headers: headers(AGENT),
  start: (sql) => ({
    path: `${QUERIES}?prettyPrint=false`,
    body: {
      useLegacySql: false,
      formatOptions: { useInt64Timestamp: true },
      query: sql,
      requestId: randomUUID(),
    },
  }),
  reads: () => [],
};

export const DBT: ClientShape = {
  client: 'dbt',
  source:
    'dbt-labs/dbt-bigquery: dbt/adapters/bigquery/connections.py (raw_execute, get_bigquery_client); dbt-labs/dbt-core: core/dbt/adapters/base/query_headers.py',
  tool: 'dbt',
  headers: headers(`dbt-bigquery-1.9.1 ${AGENT}`),
  labels: { dbt_invocation_id: 'b9a1f7b0-6c3e-4f0e-9d57-0c9b7c1c2a11' },
  hints: { person: null, dashboard: null, card: 'model.shop.queue' },
  cap: 100_000_000n,
  start: (sql) => ({
    path: `${JOBS}?prettyPrint=false`,
    body: {
      jobReference: { jobId: randomUUID(), projectId: PROJECT },
      configuration: {
        query: {
          useLegacySql: false,
          priority: 'INTERACTIVE',
          maximumBytesBilled: '100000000',
          query: `/* {"app": "dbt", "dbt_version": "1.9.1", "profile_name": "shop", "target_name": "prod", "node_id": "model.shop.queue"} */\n\n  ${sql}\n`,
        },
        labels: { dbt_invocation_id: 'b9a1f7b0-6c3e-4f0e-9d57-0c9b7c1c2a11' },
        dryRun: false,
      },
    },
  }),
  reads: results,
};
