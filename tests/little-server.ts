import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface Seen {
  readonly method: string | undefined;
  /** Path and query string. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface LittleServer {
  readonly url: string;
  /** Every request so far, in order. */
  readonly seen: readonly Seen[];
}

type Answer = (response: ServerResponse, seen: Seen, count: number) => void;

/** A real HTTP server with this handler for one test; it is closed when the test is over. */
export async function littleServer(answer: Answer): Promise<LittleServer> {
  const { close, ...server } = await openLittleServer(answer);
  onTestFinished(close);
  return server;
}

/** The same for several tests, to be closed after the last. */
export async function openLittleServer(answer: Answer): Promise<LittleServer & { close(): Promise<void> }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const one: Seen = {
      method: request.method,
      url: request.url ?? '',
      headers: request.headers,
      body: await text(request),
    };
    seen.push(one);
    answer(response, one, seen.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** An address where nothing listens: a port that was free a moment ago. */
export async function deadAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}
