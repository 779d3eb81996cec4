import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ATENDIMENTO, PROJECT } from '../guardrail.ts';

/** A request that reached the upstream, dry runs aside. */
export interface Reached {
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export type OddAnswer = (
  response: ServerResponse,
  request: Reached,
  raw: IncomingMessage,
) => void | Promise<void>;

/** A warehouse that prices every query the same, and answers everything else as a test sets. */
export interface OddUpstream {
  readonly url: string;
  /** Every request except dry runs, in order. */
  readonly reached: readonly Reached[];
  /** The answer to all requests except dry runs from now on. */
  answer(odd: OddAnswer): void;
  close(): Promise<void>;
}

/** The estimate of every query: the least that BigQuery bills. */
export const ESTIMATED_BYTES = '10485760';

export async function startOddUpstream(): Promise<OddUpstream> {
  const reached: Reached[] = [];
  let odd: OddAnswer = (response) => void response.writeHead(500).end();
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => '');
    const { method = '', url = '', rawHeaders } = request;
    if (method === 'POST' && /"dryRun": ?true/.test(body)) {
      sendJson(response, dryRunOf(JSON.parse(body)));
      return;
    }
    const one = { method, target: url, rawHeaders, body };
    reached.push(one);
    await odd(response, one, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    reached,
    answer: (answer) => {
      odd = answer;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body));
}

/** @see https://cloud.google.com/bigquery/docs/running-queries#dry-run */
function dryRunOf({
  configuration,
}: {
  readonly configuration: { readonly query: { readonly query: string } };
}) {
  return {
    kind: 'bigquery#job',
    configuration,
    jobReference: { projectId: PROJECT, location: 'US' },
    user_email: ATENDIMENTO,
    statistics: {
      creationTime: String(Date.now()),
      totalBytesProcessed: ESTIMATED_BYTES,
      query: {
        totalBytesProcessed: ESTIMATED_BYTES,
        totalBytesProcessedAccuracy: 'PRECISE',
        statementType: configuration.query.query.includes(';') ? 'SCRIPT' : 'SELECT',
        referencedTables: [{ projectId: PROJECT, datasetId: 'atendimento', tableId: 'tickets' }],
      },
    },
    status: { state: 'DONE' },
  };
}
