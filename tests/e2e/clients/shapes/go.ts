import { randomBytes } from 'node:crypto';
import { PROJECT } from '../../guardrail.ts';
import { type ClientShape, JOBS, QUERIES, type StartedJob } from './shape.ts';

const GO = 'googleapis/google-cloud-go: bigquery/bigquery.go, query.go, job.go, iterator.go';
const ID = () => randomBytes(20).toString('base64url');

function headers(agent: string): Readonly<Record<string, string>> {
  return {
    'accept-encoding': 'gzip',
    'content-type': 'application/json',
    'user-agent': agent,
    'x-goog-api-client': 'gl-go/1.23.4 gccl/1.66.2 gdcl/0.214.0',
  };
}

/** `Job.Read()`: waits without rows, then reads pages. */
function results({ jobId, location }: StartedJob): readonly string[] {
  const fields = encodeURIComponent('rows,pageToken,totalRows');
  return [
    `${QUERIES}/${jobId}?alt=json&location=${location}&maxResults=0&prettyPrint=false`,
    `${QUERIES}/${jobId}?alt=json&fields=${fields}&location=${location}&prettyPrint=false&startIndex=0`,
  ];
}

export const GO_RUN: ClientShape = {
  client: 'the Go client, Query.Run()',
  source: `${GO} (Query.Run)`,
  tool: 'go',
  headers: headers('gcloud-golang-bigquery/1.66.2'),
  start: (sql) => ({
    path: `${JOBS}?alt=json&prettyPrint=false`,
    body: {
      configuration: { query: { query: sql, useLegacySql: false } },
      jobReference: { jobId: ID(), projectId: PROJECT },
    },
  }),
  reads: results,
};

export const GO_READ: ClientShape = {
  client: 'the Go client, Query.Read()',
  source: `${GO} (Query.Read, probeFastPath)`,
  tool: 'go',
  headers: headers('gcloud-golang-bigquery/1.66.2'),
  start: (sql) => ({
    path: `${QUERIES}?alt=json&prettyPrint=false`,
    body: {
      formatOptions: { useInt64Timestamp: true },
      query: sql,
      requestId: `request-${randomBytes(10).toString('hex')}`,
      useLegacySql: false,
    },
  }),
  reads: () => [],
};

const GRAFANA_LABELS = {
  'x-plugin-id': 'grafana-bigquery-datasource',
  'x-datasource-uid': 'p9f3c',
  'x-dashboard-uid': 'fila',
  'x-panel-id': '4',
  'x-grafana-user': 'ana',
};

export const GRAFANA: ClientShape = {
  ...GO_RUN,
  client: "Grafana's plugin",
  source: `grafana/google-bigquery-datasource: pkg/bigquery/driver/conn.go (queryContext), query_labels.go, http_client.go; ${GO}`,
  tool: 'grafana',
  // The plugin uses its own HTTP client, and then the library does not add its name.
  headers: headers('google-api-go-client/0.5'),
  labels: GRAFANA_LABELS,
  hints: { person: 'ana', dashboard: 'fila', card: '4' },
  cap: 50_000_000n,
  start: (sql) => ({
    path: `${JOBS}?alt=json&prettyPrint=false`,
    body: {
      configuration: {
        labels: GRAFANA_LABELS,
        query: { maximumBytesBilled: '50000000', query: sql, useLegacySql: false },
      },
      jobReference: { jobId: ID(), location: 'US', projectId: PROJECT },
    },
  }),
  // Job.Wait() requests the job's state between waiting for it and reading.
  reads: (job) => [
    `${QUERIES}/${job.jobId}?alt=json&location=${job.location}&maxResults=0&prettyPrint=false`,
    `${JOBS}/${job.jobId}?alt=json&location=${job.location}&prettyPrint=false`,
    ...results(job),
  ],
};

const TOOLBOX_LABELS = { 'mcp-toolbox-tool': 'bigquery-execute-sql' };

export const MCP_TOOLBOX: ClientShape = {
  ...GO_RUN,
  client: "Google's MCP toolbox",
  source: `googleapis/genai-toolbox: internal/tools/bigquery/bigqueryexecutesql/bigqueryexecutesql.go, bigquerycommon/util.go (DryRunQuery), internal/sources/bigquery/bigquery.go (RunSQL); ${GO}`,
  tool: 'mcp-toolbox',
  headers: headers('genai-toolbox/0.18.0'),
  labels: TOOLBOX_LABELS,
  dryRun: (sql) => ({
    path: `${JOBS}?alt=json&prettyPrint=false`,
    body: {
      configuration: { dryRun: true, labels: TOOLBOX_LABELS, query: { query: sql, useLegacySql: false } },
      jobReference: { location: 'US', projectId: PROJECT },
    },
  }),
  start: (sql) => ({
    path: `${JOBS}?alt=json&prettyPrint=false`,
    body: {
      configuration: { labels: TOOLBOX_LABELS, query: { query: sql, useLegacySql: false } },
      jobReference: { jobId: ID(), location: 'US', projectId: PROJECT },
    },
  }),
};
