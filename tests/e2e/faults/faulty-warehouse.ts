import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { ATENDIMENTO, PROJECT } from '../guardrail.ts';
import { BILLED } from './asking.ts';

/** Answers in place of the warehouse. */
export type Fault = (response: ServerResponse, socket: Socket, healthy: string) => void;

/** A warehouse that prices, runs and remembers, but for what it is told to fail at. */
export interface FaultyWarehouse {
  readonly url: string;
  readonly port: number;
  /** What dry runs get from now on; null: their price. */
  failDryRuns(fault: Fault | null): void;
  /**
   * What queries get from now on; null: their result.
   * @param runs whether they run all the same
   */
  failQueries(fault: Fault | null, runs?: boolean): void;
  /** Dry runs and queries that have come. */
  readonly asked: { dryRuns: number; queries: number };
  /** Requests that wait for an answer and whose connection is open. */
  waiting(): number;
  close(): Promise<void>;
}

interface Job {
  readonly jobReference: { readonly projectId: string; readonly jobId: string; readonly location: string };
  readonly configuration: { readonly labels: Readonly<Record<string, string>> };
}

export async function startFaultyWarehouse(): Promise<FaultyWarehouse> {
  const asked = { dryRuns: 0, queries: 0 };
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

  /** What the API answers where nothing fails. */
  function found(url: string): object {
    const [, jobId] = /\/jobs\/(\w+)/.exec(url) ?? [];
    const ended = jobs.map(endOf);
    if (jobId === undefined) return { jobs: ended.reverse() };
    return ended.find(({ jobReference }) => jobReference.jobId === jobId) ?? {};
  }

  function answer({ socket, method, url = '' }: IncomingMessage, response: ServerResponse, body: string) {
    const say = (fault: Fault | null, healthy: object) => {
      const said = JSON.stringify(healthy);
      if (fault === null) sendText(response, 200, said);
      else fault(response, socket, said);
    };
    if (method === 'GET') return say(null, found(url));
    if (body.includes('"dryRun":true')) {
      asked.dryRuns += 1;
      return say(dryRunFault, PRICE);
    }
    asked.queries += 1;
    const runs = queryFault?.runs ?? true;
    say(queryFault?.fault ?? null, runs ? resultOf(run(JSON.parse(body))) : {});
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
    asked,
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

/** Bytes as they are, and the end of the connection. */
const raw =
  (head: string, body: (healthy: string) => string): Fault =>
  (_response, socket, healthy) => {
    socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${head}\r\n\r\n${body(healthy)}`);
  };

const half = (text: string) => text.slice(0, text.length / 2);

/** Everything that a warehouse, or what stands before it, can do wrong. */
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
  'answers what is not JSON': (response) => sendText(response, 200, '<html>a captive portal</html>'),
  'answers half of its JSON': (response, _socket, healthy) => sendText(response, 200, half(healthy)),
  'answers nothing': (response) => sendText(response, 200, ''),
  'says a length above the true one': raw('content-length: 9999', (healthy) => healthy),
  'says a length below the true one': raw('content-length: 20', (healthy) => healthy),
  'breaks off its chunks': raw('transfer-encoding: chunked', (healthy) => `400\r\n${half(healthy)}`),
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;
