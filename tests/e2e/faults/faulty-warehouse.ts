import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { ATENDIMENTO, PROJECT } from '../guardrail.ts';
import { BILLED } from './asking.ts';

/** Answers in place of the healthy warehouse. */
export type Fault = (response: ServerResponse, socket: Socket, healthy: string) => void;

/** A warehouse that prices queries, runs them and lists their jobs, except for the faults that a test sets. */
export interface FaultyWarehouse {
  readonly url: string;
  readonly port: number;
  /** The fault of dry runs from now on; null prices them as usual. */
  failDryRuns(fault: Fault | null): void;
  /**
   * The fault of queries from now on; null answers them with their result.
   * @param runs whether they run all the same
   */
  failQueries(fault: Fault | null, runs?: boolean): void;
  /** How many dry runs and queries have arrived. */
  readonly received: { dryRuns: number; queries: number };
  /** How many requests wait for an answer, with their connection still open. */
  waiting(): number;
  close(): Promise<void>;
}

interface Job {
  readonly jobReference: { readonly projectId: string; readonly jobId: string; readonly location: string };
  readonly configuration: { readonly labels: Readonly<Record<string, string>> };
}

export async function startFaultyWarehouse(): Promise<FaultyWarehouse> {
  const received = { dryRuns: 0, queries: 0 };
  const jobs: Job[] = [];
  const open = new Set<ServerResponse>();
  let dryRunFault: Fault | null = null;
  let queryFault: { readonly fault: Fault; readonly runs: boolean } | null = null;

  function run({ labels = {} }: { readonly labels?: Record<string, string> }): Job {
    const jobReference = { projectId: PROJECT, jobId: `job_${jobs.length}`, location: 'US' };
    const job = { jobReference, configuration: { labels } };
    jobs.push(job);
    return job;
  }

  /** The answer to a GET, which never fails. */
  function found(url: string): object {
    const [, jobId] = /\/jobs\/(\w+)/.exec(url) ?? [];
    const ended = jobs.map(endOf);
    if (jobId === undefined) return { jobs: ended.reverse() };
    return ended.find(({ jobReference }) => jobReference.jobId === jobId) ?? {};
  }

  function answer({ socket, method, url = '' }: IncomingMessage, response: ServerResponse, body: string) {
    const send = (fault: Fault | null, healthy: object) => {
      const body = JSON.stringify(healthy);
      if (fault === null) sendText(response, 200, body);
      else fault(response, socket, body);
    };
    if (method === 'GET') return send(null, found(url));
    if (body.includes('"dryRun":true')) {
      received.dryRuns += 1;
      return send(dryRunFault, PRICE);
    }
    received.queries += 1;
    const runs = queryFault?.runs ?? true;
    send(queryFault?.fault ?? null, runs ? resultOf(run(JSON.parse(body))) : {});
  }

  const server = createServer(async (request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    answer(request, response, await text(request).catch(() => ''));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    failDryRuns(fault) {
      dryRunFault = fault;
    },
    failQueries(fault, runs = true) {
      queryFault = fault === null ? null : { fault, runs };
    },
    waiting: () => open.size,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const BYTES = { totalBytesProcessed: String(BILLED), totalBytesBilled: String(BILLED) };

const PRICE = {
  user_email: ATENDIMENTO,
  jobReference: { projectId: PROJECT, location: 'US' },
  statistics: {
    query: {
      totalBytesProcessed: String(BILLED),
      totalBytesProcessedAccuracy: 'PRECISE',
      statementType: 'SELECT',
      referencedTables: [{ projectId: PROJECT, datasetId: 'atendimento', tableId: 'tickets' }],
    },
  },
};

function resultOf({ jobReference }: Job) {
  return { jobReference, jobComplete: true, ...BYTES, cacheHit: false, rows: [{ f: [{ v: 'ação' }] }] };
}

function endOf(job: Job) {
  return { ...job, status: { state: 'DONE' }, statistics: { query: { ...BYTES, statementType: 'SELECT' } } };
}

function sendText(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(body);
}

/** An error as the warehouse sends it. */
const googleError =
  (status: number, reason: string): Fault =>
  (response) => {
    const message = `the warehouse says ${status}`;
    sendText(
      response,
      status,
      JSON.stringify({ error: { code: status, message, errors: [{ reason, message }] } }),
    );
  };

/** Sends bytes as they are, and ends the connection. */
const raw =
  (head: string, body: (healthy: string) => string): Fault =>
  (_response, socket, healthy) => {
    socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${head}\r\n\r\n${body(healthy)}`);
  };

const half = (text: string) => text.slice(0, text.length / 2);

/** Everything that a warehouse, or a proxy in front of it, can do wrong. */
export const FAULTS = {
  'is slow': (response, _socket, healthy) => void setTimeout(() => sendText(response, 200, healthy), 300),
  'hangs before it answers': () => undefined,
  'hangs in the middle of its answer': (response, _socket, healthy) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write(half(healthy));
  },
  'resets the connection before it answers': (_response, socket) => void socket.resetAndDestroy(),
  'resets the connection in the middle of its answer': (response, socket, healthy) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(half(healthy), () => setTimeout(() => socket.resetAndDestroy(), 50));
  },
  'answers 429': googleError(429, 'rateLimitExceeded'),
  'answers 500': googleError(500, 'internalError'),
  'answers 503': googleError(503, 'backendError'),
  'answers HTML instead of JSON': (response) => sendText(response, 200, '<html>a captive portal</html>'),
  'answers half of its JSON': (response, _socket, healthy) => sendText(response, 200, half(healthy)),
  'answers with an empty body': (response) => sendText(response, 200, ''),
  'sends a content-length that is too large': raw('content-length: 9999', (healthy) => healthy),
  'sends a content-length that is too small': raw('content-length: 20', (healthy) => healthy),
  'breaks off a chunked answer': raw('transfer-encoding: chunked', (healthy) => `400\r\n${half(healthy)}`),
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;
