import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { ATENDIMENTO, FINOPS } from '../measure/bench-query.ts';
import { reportUrl } from '../measure/server-process.ts';

/*
 * Run as a process: `result-upstream.ts [MS]`, a warehouse that knows no data and takes so long for a query. It prices every
 * query alike, and answers it with as many bytes of rows as the header `x-bench-bytes` asks for, all out of one buffer, so
 * that nearly all that is measured is whoever stands before it. The figures of the job stand behind the rows, as BigQuery
 * writes them.
 */
const ROW = { f: [{ v: '1790264412' }, { v: 'agent' }, { v: 'Olá! Seu pedido já saiu: "até amanhã".' }] };
const ROWS = Buffer.from(`${JSON.stringify(ROW)},`.repeat(640));

const PRINCIPALS = [ATENDIMENTO, FINOPS];
const takesMs = Number(process.argv[2] ?? 0);

const JOB = {
  jobReference: { projectId: 'guardrail-demo', jobId: 'job_bench', location: 'US' },
  status: { state: 'DONE' },
};
const PRICED = { totalBytesProcessed: '1048576', statementType: 'SELECT', referencedTables: [] };
const SCHEMA = { fields: ['ticket_id', 'sender', 'body'].map((name) => ({ name, type: 'STRING' })) };
const KIND = `"kind":"bigquery#queryResponse","schema":${JSON.stringify(SCHEMA)},"totalRows":"1"`;
const TAIL = `${JSON.stringify(ROW)}],"totalBytesProcessed":"1048576","totalBytesBilled":"10485760","jobComplete":true,"cacheHit":false}`;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const path = request.url ?? '';
  const principal = PRINCIPALS.find((one) => request.headers.authorization === `Bearer sandbox:${one}`);
  if (principal === undefined) {
    const error = { code: 401, message: 'Invalid credentials', status: 'UNAUTHENTICATED', errors: [] };
    return sendJson(response, 401, { error });
  }
  if (request.method === 'POST' && /\/queries(\?|$)/.test(path)) {
    if (takesMs > 0) await sleep(takesMs);
    return sendRows(request, response);
  }
  if (/\/jobs(\?|$)/.test(path) && request.method === 'GET') return sendJson(response, 200, { jobs: [] });
  const isDryRun = body.includes('"dryRun":true');
  const query = isDryRun ? PRICED : { ...PRICED, totalBytesBilled: '10485760' };
  sendJson(response, 200, {
    ...JOB,
    user_email: principal,
    statistics: { totalBytesProcessed: '1048576', query },
  });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Each query is a job of its own: one that is settled already would be entered as a repeated one. */
let jobs = 0;

function sendRows(request: IncomingMessage, response: ServerResponse): void {
  jobs += 1;
  const job = { ...JOB.jobReference, jobId: `job_${process.pid}_${jobs}` };
  const head = `{${KIND},"jobReference":${JSON.stringify(job)},"rows":[`;
  const times = Math.floor(Number(request.headers['x-bench-bytes'] ?? 0) / ROWS.length);
  const length = Buffer.byteLength(head) + times * ROWS.length + Buffer.byteLength(TAIL);
  const isChunked = request.headers['x-bench-chunked'] !== undefined;
  response.writeHead(200, {
    'content-type': 'application/json; charset=UTF-8',
    ...(isChunked ? {} : { 'content-length': length }),
  });
  response.write(head);
  let left = times;
  const writeOn = () => {
    while (left > 0) {
      left -= 1;
      if (!response.write(ROWS)) return;
    }
    response.end(TAIL);
  };
  response.on('drain', writeOn);
  writeOn();
}

const server = createServer((request, response) => void answer(request, response));
server.keepAliveTimeout = 75_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
reportUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
