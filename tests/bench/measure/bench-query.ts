import { Agent, type IncomingMessage, request } from 'node:http';

/** Whom the example policies know as customer support's Metabase. */
export const ATENDIMENTO = 'metabase-atendimento@guardrail-demo.iam.gserviceaccount.com';

/** And as those of FinOps. */
export const FINOPS = 'metabase-finops@guardrail-demo.iam.gserviceaccount.com';

export const PROJECT = '/bigquery/v2/projects/guardrail-demo';

/** A query that the example policies let pass. */
export const SQL =
  'SELECT ticket_id, sender, body FROM `guardrail-demo.atendimento.messages` ' +
  "WHERE created_at >= TIMESTAMP '2026-11-01' LIMIT 2000";

export interface BenchQuery {
  readonly sql?: string;
  /** Of rows in the answer of `result-upstream.ts`. */
  readonly bytes?: number;
  readonly chunked?: boolean;
  readonly token?: string;
  readonly agent?: Agent;
  /** Hang up after so many bytes. */
  readonly abortAfterBytes?: number;
}

export interface Received {
  readonly status: number;
  readonly bytes: number;
}

/** Connections that are kept, as BI tools keep theirs. */
export const keptConnections = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

/** Sends a query by `jobs.query`, and counts what comes back without keeping it. */
export function sendQuery(origin: string, query: BenchQuery = {}): Promise<Received> {
  const { sql = SQL, bytes = 0, chunked = false, token = `sandbox:${ATENDIMENTO}` } = query;
  return send(origin, query, {
    path: `${PROJECT}/queries?prettyPrint=false`,
    body: JSON.stringify({ query: sql, useLegacySql: false }),
    headers: {
      authorization: `Bearer ${token}`,
      'x-bench-bytes': bytes,
      ...(chunked ? { 'x-bench-chunked': 1 } : {}),
    },
  });
}

/** Starts a query by `jobs.insert`. */
export function insertJob(origin: string, query: BenchQuery = {}): Promise<Received> {
  const { sql = SQL, token = `sandbox:${ATENDIMENTO}` } = query;
  return send(origin, query, {
    path: `${PROJECT}/jobs?prettyPrint=false`,
    body: JSON.stringify({ configuration: { query: { query: sql, useLegacySql: false } } }),
    headers: { authorization: `Bearer ${token}` },
  });
}

interface Sent {
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | number>>;
}

function send(
  origin: string,
  { agent = keptConnections, abortAfterBytes = Number.POSITIVE_INFINITY }: BenchQuery,
  { path, body, headers }: Sent,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const sent = request(origin + path, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
    });
    sent.once('response', (answer) => count(answer, abortAfterBytes).then(resolve, reject));
    sent.on('error', reject);
    sent.end(body);
  });
}

function count(answer: IncomingMessage, abortAfterBytes: number): Promise<Received> {
  let bytes = 0;
  return new Promise((resolve, reject) => {
    const received = () => resolve({ status: answer.statusCode ?? 0, bytes });
    answer.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes < abortAfterBytes) return;
      received();
      answer.destroy();
    });
    answer.once('end', received);
    answer.on('error', reject);
    answer.once('close', () => reject(new Error(`an answer broke off after ${bytes} bytes`)));
  });
}
