import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { FINOPS, PROJECT, sendQuery } from '../measure/bench-query.ts';
import { reportUrl } from '../measure/server-process.ts';

/*
 * Run as a process: one client that does all it can to keep others from being served, until it is ended. Everything
 * that it sends is sent for the first time, under the one token that it has. Given names of ways, it does those alone.
 */
const [target = '', ...chosen] = process.argv.slice(2);
const TOKEN = `sandbox:${FINOPS}`;
const MIB = 1 << 20;

const list = (length: number, part: (index: number) => string, between: string) =>
  Array.from({ length }, (_, index) => part(index)).join(between);

/** Reads in a second or so. */
const COMMON_TABLES = list(2_000, (i) => `a${i + 1} AS (SELECT x FROM a${i})`, ',');
/** Is given up by the parser when its time is over. */
const CONDITIONS = list(50_000, (i) => `x = ${i}`, ' OR ');

interface Way {
  readonly name: string;
  readonly atOnce: number;
  send(count: number): Promise<unknown>;
}

const WAYS: readonly Way[] = [
  {
    name: 'slow to read',
    atOnce: 16,
    send: (n) => ask(`WITH a0 AS (SELECT ${n} x), ${COMMON_TABLES} SELECT x FROM a2000`),
  },
  {
    name: 'too slow to read',
    atOnce: 8,
    send: (n) => ask(`SELECT x FROM t WHERE x = -${n} OR ${CONDITIONS}`),
  },
  { name: 'distinct', atOnce: 16, send: (n) => ask(`SELECT ${n}`) },
  { name: 'long', atOnce: 2, send: (n) => ask(`SELECT ${n}, '${'x'.repeat(9 * MIB)}'`) },
  {
    name: 'deep',
    atOnce: 2,
    send: (n) => post(`{"query": "SELECT ${n}", "x": ${'['.repeat(4 * MIB)}${']'.repeat(4 * MIB)}}`),
  },
  { name: 'slow bodies', atOnce: 50, send: dribble },
];

function ask(sql: string): Promise<unknown> {
  return sendQuery(target, { sql, token: TOKEN });
}

async function post(body: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const answer = await fetch(`${target}${PROJECT}/queries`, { method: 'POST', headers, body });
  return answer.arrayBuffer();
}

/** A body that comes a byte at a time, until the server has enough of it. */
function dribble(): Promise<void> {
  const { hostname, port } = new URL(target);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST ${PROJECT}/queries HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 1000000\r\n\r\n`,
  );
  const timer = setInterval(() => socket.write(' '), 100);
  return new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearInterval(timer);
      resolve();
    });
  });
}

let sent = 0;

async function goOn({ send }: Way): Promise<never> {
  for (;;) {
    sent += 1;
    // Refused, cut off or answered: it goes on. A server that takes no connection is given a moment.
    await send(sent).catch(() => sleep(10));
  }
}

const known = WAYS.map(({ name }) => name);
const unknown = chosen.filter((name) => !known.includes(name));
// A client that does nothing would be measured as a harmless one.
if (unknown.length > 0) throw new Error(`no way is called ${unknown.join(', ')}: ${known.join(', ')} are`);

const ways = WAYS.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
for (const way of ways) for (let n = 0; n < way.atOnce; n += 1) void goOn(way);
reportUrl(target);
