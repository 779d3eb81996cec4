import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A proxy in front of the sandbox that can hold queries back; dry runs pass, except those given to `holdDryRuns`. */
export interface Gate {
  readonly url: string;
  /** From now on queries wait here. */
  hold(): void;
  /** From now on dry runs of SQL that matches wait here until `open`. */
  holdDryRuns(which: RegExp): void;
  /** Lets the query pass that has waited longest. */
  letOne(): void;
  /** Lets everything pass, including what arrives later. */
  open(): void;
  /** The SQL of the waiting queries, in order of arrival. */
  waiting(): readonly string[];
  /** The most queries under way at one time, here or at the sandbox, since the last call. */
  takeMost(): number;
  close(): Promise<void>;
}

interface Held {
  readonly sql: string;
  readonly let: () => void;
}

export async function startGate(upstream: string): Promise<Gate> {
  const held: Held[] = [];
  const heldDryRuns: (() => void)[] = [];
  let [isHeld, underWay, most] = [false, 0, 0];
  let slow: RegExp | null = null;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const sql = queryIn(request, body);
    if (sql === null) {
      if (slow?.test(body) && isDryRun(body)) await new Promise<void>((resolve) => heldDryRuns.push(resolve));
      return passOn(upstream, request, body, response);
    }
    underWay += 1;
    most = Math.max(most, underWay);
    if (isHeld) await new Promise<void>((resolve) => held.push({ sql, let: resolve }));
    // Counted down before the answer goes out: its recipient may send the next query.
    await passOn(upstream, request, body, response, () => {
      underWay -= 1;
    });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold() {
      isHeld = true;
    },
    holdDryRuns(which) {
      slow = which;
    },
    letOne: () => held.shift()?.let(),
    open() {
      isHeld = false;
      slow = null;
      for (const one of held.splice(0)) one.let();
      for (const pass of heldDryRuns.splice(0)) pass();
    },
    waiting: () => held.map(({ sql }) => sql),
    takeMost() {
      const taken = most;
      most = underWay;
      return taken;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The SQL of a query that would run; null for anything else. */
function queryIn({ method, url = '' }: IncomingMessage, body: string): string | null {
  if (method !== 'POST' || !/\/(queries|jobs)(\?|$)/.test(url)) return null;
  if (isDryRun(body)) return null;
  const { query, configuration } = JSON.parse(body);
  return query ?? configuration?.query?.query ?? null;
}

function isDryRun(body: string): boolean {
  const { dryRun, configuration } = JSON.parse(body);
  return dryRun === true || configuration?.dryRun === true;
}

async function passOn(
  upstream: string,
  { method = 'GET', url = '', headers }: IncomingMessage,
  body: string,
  response: ServerResponse,
  onAnswer: () => void = () => undefined,
): Promise<void> {
  const { host: _host, connection: _connection, 'content-length': _length, ...own } = headers;
  const answer = await fetch(`${upstream}${url}`, {
    method,
    headers: own as Record<string, string>,
    body: body === '' ? null : body,
  }).finally(onAnswer);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const {
    'content-encoding': _encoding,
    'transfer-encoding': _transfer,
    ...kept
  } = Object.fromEntries(answer.headers);
  response.writeHead(answer.status, { ...kept, 'content-length': String(bytes.length) }).end(bytes);
}
