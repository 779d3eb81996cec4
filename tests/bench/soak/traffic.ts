import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { insertJob, keptConnections, type Received, SQL, sendQuery } from '../measure/bench-query.ts';

/** Where a guardrail answers. */
export interface Addresses {
  readonly url: string;
  readonly opsUrl: string;
}

/** How often each kind was sent and came back as it should. */
export type Counts = Readonly<Record<string, { readonly sent: number; readonly asExpected: number }>>;

interface Kind {
  /** How often, of all that is sent. */
  readonly weight: number;
  /** Resolves to whether it came back as it should. */
  send(at: Addresses, i: number): Promise<boolean>;
}

const MIB = 1 << 20;
const OPS_PATHS = [
  ...['/', '/decisions', '/budgets', '/rules', '/tables', '/health', '/metrics'],
  ...['/api/v1/decisions?limit=50', '/api/v1/budgets', '/api/v1/spend?by=team', '/readyz'],
];
const STAR = 'SELECT * FROM `guardrail-demo.atendimento.messages`';

/** Connections that nobody uses twice. */
const once = () => new Agent({ keepAlive: false });

const has = (status: number) => (received: Received) => received.status === status;
const fresh = (i: number) => `${SQL.replace('LIMIT 2000', '')} AND ticket_id != 'ticket-${i}' LIMIT 2000`;

const KINDS: Readonly<Record<string, Kind>> = {
  'seen before': { weight: 30, send: ({ url }) => sendQuery(url).then(has(200)) },
  new: { weight: 20, send: ({ url }, i) => sendQuery(url, { sql: fresh(i) }).then(has(200)) },
  'new, on a connection of its own': {
    weight: 5,
    send: ({ url }, i) => sendQuery(url, { sql: fresh(i), agent: once() }).then(has(200)),
  },
  'as a job': { weight: 5, send: ({ url }, i) => insertJob(url, { sql: fresh(i) }).then(has(200)) },
  refused: { weight: 8, send: ({ url }) => sendQuery(url, { sql: STAR }).then(has(403)) },
  'refused, new': {
    weight: 4,
    send: ({ url }, i) => sendQuery(url, { sql: `${STAR} WHERE ticket_id = 'ticket-${i}'` }).then(has(403)),
  },
  unreadable: {
    weight: 4,
    send: ({ url }, i) => sendQuery(url, { sql: `SELEKT ${i} FROM (` }).then(has(200)),
  },
  'no such credential': {
    weight: 5,
    send: ({ url }, i) => sendQuery(url, { token: `stranger-${i}` }).then(has(401)),
  },
  'large answer': {
    weight: 4,
    send: ({ url }) => sendQuery(url, { bytes: 8 * MIB }).then(({ bytes }) => bytes > 7 * MIB),
  },
  'hangs up half-way': {
    weight: 5,
    send: ({ url }, i) =>
      sendQuery(url, { sql: fresh(i), bytes: 64 * MIB, abortAfterBytes: MIB }).then(has(200)),
  },
  'operators look': { weight: 8, send: ({ opsUrl }, i) => look(opsUrl + OPS_PATHS[i % OPS_PATHS.length]) },
  'somebody watches': { weight: 2, send: ({ opsUrl }, i) => watch(opsUrl, 1_000 + (i % 20) * 1_000) },
};

/** Sends a mix at a steady rate until it is told to stop, and lets what is under way end. */
export async function steadyTraffic(at: Addresses, perSecond: number, stopped: AbortSignal): Promise<Counts> {
  const counts = new Map(Object.keys(KINDS).map((name) => [name, { sent: 0, asExpected: 0 }]));
  const underWay = new Set<Promise<void>>();
  for (let i = 0; !stopped.aborted; i += 1) {
    const [name, kind] = kindOf(i);
    const count = counts.get(name) ?? { sent: 0, asExpected: 0 };
    count.sent += 1;
    const sent = kind
      .send(at, i)
      .catch(() => false)
      .then((isAsExpected) => {
        if (isAsExpected) count.asExpected += 1;
      })
      .finally(() => underWay.delete(sent));
    underWay.add(sent);
    await sleep(1000 / perSecond, undefined, { signal: stopped }).catch(() => undefined);
  }
  await Promise.all(underWay);
  keptConnections.destroy();
  return Object.fromEntries(counts);
}

const LAID_OUT = Object.entries(KINDS).flatMap((kind) => Array.from({ length: kind[1].weight }, () => kind));

/** Each of a hundred is another, and neighbours differ: 37 and 100 have no common divisor. */
function kindOf(i: number): [string, Kind] {
  const kind = LAID_OUT[(i * 37) % LAID_OUT.length];
  if (kind === undefined) throw new Error('nothing is to be sent');
  return kind;
}

async function look(url: string): Promise<boolean> {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.ok;
}

/** Follows the live feed for a while, and leaves without a word. */
function watch(opsUrl: string, forMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const sent = get(`${opsUrl}/api/v1/decisions/stream`, { agent: once() }, (answer) => {
      let isTold = false;
      answer.on('data', () => {
        isTold = true;
      });
      answer.on('error', () => undefined);
      setTimeout(() => {
        sent.destroy();
        resolve(isTold);
      }, forMs);
    });
    sent.once('error', reject);
  });
}
