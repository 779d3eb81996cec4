/**
 * What a client waits for its queries while another does all it can to be in the way, against what it waits alone:
 * `node tests/bench/noisy-neighbour.ts [SECONDS]`. The warehouse is one that answers everything after 50 ms.
 */
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { startGuardrail } from '../../src/commands/guardrail.ts';
import { parseSettings } from '../../src/settings/settings.ts';

const UPSTREAM_MS = 50;
const QUERIES_PER_SECOND = 20;
const WARM_UP_QUERIES = 20;

const POLICY = `version: 1
pricing: { currency: USD, on_demand_per_tib: { default: "6.25" } }
`;

/** What the good client waited while one kind of bad client was there. */
export interface NeighbourFigures {
  readonly name: string;
  readonly queries: number;
  readonly failed: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Its p99 divided by that of the good client alone. */
  readonly factor: number;
}

type Ask = (caller: string, body: string) => Promise<number>;

/** Something that a bad client does until it is told to stop; it has ended when this resolves. */
type Mischief = (context: { ask: Ask; url: string; stopped: AbortSignal }) => Promise<unknown>;

const queryOf = (sql: string) => JSON.stringify({ query: sql, useLegacySql: false });

let made = 0;
const unique = () => {
  made += 1;
  return made;
};

/** So many at once, each followed by the next. */
function repeatedly(atOnce: number, once: (context: Parameters<Mischief>[0]) => Promise<unknown>): Mischief {
  return (context) =>
    Promise.all(
      Array.from({ length: atOnce }, async () => {
        while (!context.stopped.aborted) {
          await once(context).catch(() => undefined);
          // Refused at once is no reason to ask in a loop without a pause.
          await sleep(5);
        }
      }),
    );
}

const terms = (count: number) => Array.from({ length: count }, (_, index) => `x = ${index}`).join(' OR ');
const CONDITIONS = terms(20_000);

const MISCHIEF: Readonly<Record<string, Mischief>> = {
  'floods with distinct queries that are slow to read': repeatedly(20, ({ ask }) =>
    ask('bad', queryOf(`SELECT ${unique()} FROM t WHERE ${CONDITIONS}`)),
  ),
  'the same, with a made-up credential for each': repeatedly(20, ({ ask }) =>
    ask(`bad-${unique()}`, queryOf(`SELECT ${unique()} FROM t WHERE ${CONDITIONS}`)),
  ),
  'nests deep, in SQL and in JSON': repeatedly(10, async ({ ask }) => {
    await ask('bad', queryOf(`SELECT ${unique()}, ${'('.repeat(90)}1${')'.repeat(90)}`));
    await ask('bad', `{"query":"SELECT 1","a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`);
  }),
  'sends bodies of 9 MiB': repeatedly(2, ({ ask }) =>
    ask('bad', queryOf(`SELECT ${unique()}, '${'x'.repeat(9 << 20)}'`)),
  ),
  'keeps 500 connections with slow bodies': async ({ url, stopped }) => {
    const { port, hostname } = new URL(url);
    const sockets = Array.from({ length: 500 }, () =>
      connect(Number(port), hostname).on('error', () => undefined),
    );
    for (const socket of sockets) {
      socket.write(
        'POST /bigquery/v2/projects/p/queries HTTP/1.1\r\nhost: x\r\ncontent-length: 9999999\r\n\r\n{"query":"',
      );
    }
    while (!stopped.aborted) {
      for (const socket of sockets) socket.write('x');
      await sleep(100);
    }
    for (const socket of sockets) socket.destroy();
  },
};

/**
 * Measures one kind of bad client after the other, in one process with the guardrail.
 * @param seconds for how long each
 * @param onFigures told of each as soon as it is measured
 */
export async function noisyNeighbour(
  seconds = 15,
  onFigures: (figures: NeighbourFigures) => void = () => undefined,
): Promise<readonly NeighbourFigures[]> {
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-neighbour-'));
  await mkdir(join(folder, 'policies'));
  await writeFile(join(folder, 'policies', 'policy.yaml'), POLICY);
  const upstream = await startUpstream();
  const guardrail = await startGuardrail(settingsIn(folder, upstream.url), pino({ level: 'silent' }));
  const ask: Ask = async (caller, body) => {
    const answer = await fetch(`${guardrail.proxyUrl}/bigquery/v2/projects/p/queries`, {
      method: 'POST',
      headers: { authorization: `Bearer ${caller}`, 'content-type': 'application/json' },
      body,
    });
    await answer.arrayBuffer();
    return answer.status;
  };
  try {
    // The first query under a credential confirms it.
    for (let warm = 0; warm < WARM_UP_QUERIES; warm += 1) await ask('good', queryOf(`SELECT ${unique()}`));
    await ask('bad', queryOf('SELECT 1'));
    const alone = await measured('alone', ask, seconds, null);
    const rows = [alone];
    onFigures(alone);
    for (const [name, mischief] of Object.entries(MISCHIEF)) {
      const stopping = new AbortController();
      const done = mischief({ ask, url: guardrail.proxyUrl, stopped: stopping.signal });
      await sleep(1_000);
      const figures = await measured(name, ask, seconds, alone.p99Ms);
      stopping.abort();
      await done;
      rows.push(figures);
      onFigures(figures);
    }
    return rows;
  } finally {
    await guardrail.close();
    upstream.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The good client asks at a steady rate, whether or not it has its answers, so that no wait hides another. */
async function measured(
  name: string,
  ask: Ask,
  seconds: number,
  aloneMs: number | null,
): Promise<NeighbourFigures> {
  const asked: Promise<{ readonly ms: number; readonly status: number }>[] = [];
  for (let count = 0; count < seconds * QUERIES_PER_SECOND; count += 1) {
    const startedAt = performance.now();
    const status = ask('good', queryOf(`SELECT ${unique()} AS a FROM d.t WHERE b = 1`));
    asked.push(
      status.then(
        (status) => ({ ms: performance.now() - startedAt, status }),
        () => ({ ms: performance.now() - startedAt, status: 0 }),
      ),
    );
    await sleep(1000 / QUERIES_PER_SECOND);
  }
  const answers = await Promise.all(asked);
  const sorted = answers.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    name,
    queries: answers.length,
    failed: answers.filter(({ status }) => status !== 200).length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    factor: at(0.99) / (aloneMs ?? at(0.99)),
  };
}

/** Knows `good` and `bad`, prices everything at nothing, and answers after a fixed time. */
async function startUpstream() {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    await sleep(UPSTREAM_MS);
    const caller = /^Bearer (good|bad)$/.exec(request.headers.authorization ?? '')?.[1];
    const jobReference = { projectId: 'p', jobId: `job_${unique()}`, location: 'US' };
    const statistics = { query: { totalBytesProcessed: '0', statementType: 'SELECT', referencedTables: [] } };
    const answer = body.includes('"dryRun":true')
      ? { jobReference, user_email: `${caller}@example.com`, status: { state: 'DONE' }, statistics }
      : { jobReference, jobComplete: true, totalBytesProcessed: '0', totalBytesBilled: '0', rows: [] };
    response
      .writeHead(caller === undefined ? 401 : 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(caller === undefined ? { error: { code: 401, message: 'no' } } : answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function settingsIn(folder: string, upstream: string) {
  const parsed = parseSettings({
    listen: '127.0.0.1:0',
    ops_listen: '127.0.0.1:0',
    upstream,
    policies: join(folder, 'policies'),
    ledger: `sqlite:${join(folder, 'ledger.db')}`,
    ledger_spool: join(folder, 'spool.jsonl'),
    token_info_url: '',
  });
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.settings;
}

if (import.meta.main) {
  console.log(
    '| beside it, a client that | queries | failed | p50, ms | p99, ms | factor |\n|---|--:|--:|--:|--:|--:|',
  );
  await noisyNeighbour(Number(process.argv[2] ?? 15), ({ name, queries, failed, p50Ms, p99Ms, factor }) => {
    console.log(
      `| ${name} | ${queries} | ${failed} | ${p50Ms.toFixed(0)} | ${p99Ms.toFixed(0)} | ${factor.toFixed(1)} |`,
    );
  });
}
