import { createHash, randomUUID } from 'node:crypto';
import { type Persona, principalOf } from './people.ts';
import type { VisitQuery } from './visits.ts';

/** A request for the proxy, as a tool's own client makes it. */
export interface ToolRequest {
  /** After the proxy's address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  /** What to ask next, once the request before was answered well: how a client waits for a job that it created. */
  readonly next: readonly string[];
}

const PROJECT_PATH = '/bigquery/v2/projects/guardrail-demo';

/** The most rows in a first page, as Metabase asks for them. */
const METABASE_ROWS = 2_000;

const USER_AGENTS: Readonly<Record<Persona['tool'], string>> = {
  metabase: 'Metabase/v1.57.2 (GPN:Metabase; 5f1c0de) gcloud-java/2.54.0 Google-API-Java-Client/2.7.2',
  dbt: 'dbt-bigquery-1.9.2 gl-python/3.12.9 grpc/1.71.0 gccl/3.31.0',
  notebook: 'gl-python/3.12.9 grpc/1.71.0 gapic/3.31.0 gccl/3.31.0',
};

/** How the asker's tool sends a query: dbt creates a job, the others use `jobs.query`. */
export function requestOf(asker: Persona, question: VisitQuery): ToolRequest {
  const headers = {
    authorization: `Bearer sandbox:${principalOf(asker)}`,
    'content-type': 'application/json',
    'user-agent': USER_AGENTS[asker.tool],
  };
  switch (asker.tool) {
    case 'metabase': {
      const query = `${metabaseRemark(asker.userId, question)}\n${question.sql}`;
      const body = { ...queryBody(query), maxResults: METABASE_ROWS };
      return { path: `${PROJECT_PATH}/queries`, headers, body, next: [] };
    }
    case 'notebook':
      return { path: `${PROJECT_PATH}/queries`, headers, body: queryBody(question.sql), next: [] };
    case 'dbt': {
      const jobId = randomUUID();
      return {
        path: `${PROJECT_PATH}/jobs`,
        headers,
        body: {
          jobReference: { projectId: 'guardrail-demo', jobId },
          configuration: {
            labels: { dbt_invocation_id: randomUUID() },
            query: { query: question.sql, useLegacySql: false, priority: 'INTERACTIVE' },
          },
        },
        next: [`${PROJECT_PATH}/queries/${jobId}`, `${PROJECT_PATH}/jobs/${jobId}`],
      };
    }
  }
}

function queryBody(query: string) {
  return { query, useLegacySql: false, requestId: randomUUID(), formatOptions: { useInt64Timestamp: true } };
}

/** @see https://www.metabase.com/docs/latest/databases/connections/bigquery, "Include User ID and query hash" */
function metabaseRemark(userId: number, { sql, dashboardId, cardId }: VisitQuery): string {
  const hash = createHash('sha256').update(sql).digest('hex');
  const ids = [
    ...(dashboardId === null ? [] : [`dashboardID: ${dashboardId}`]),
    ...(cardId === null ? [] : [`cardID: ${cardId}`]),
  ];
  return ['-- Metabase::', `userID: ${userId} queryType: native queryHash: ${hash}`, ...ids].join(' ');
}
