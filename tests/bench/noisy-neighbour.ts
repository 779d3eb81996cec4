import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { benchSettings } from './measure/bench-policies.ts';
import { SQL, sendQuery } from './measure/bench-query.ts';
import { startGuard, startServer } from './measure/server-process.ts';
import { ratios, type Spread, spreadOf, spreadText, tableText } from './measure/spread.ts';
import { serverModule, withServers } from './measure/with-servers.ts';

/** How long the warehouse takes for a query. */
const WAREHOUSE_MS = 50;
/** Until all is compiled and connections are open. */
const WARM_UP_SECONDS = 2;
/** Until what the bad client left behind is done with. */
const SETTLE_MS = 1_500;

/** What the bad client does, by its names in `bad-client.ts`, each by itself, and then all of it at once. */
export const CASES: readonly NeighbourCase[] = [
  { what: 'sends distinct queries', ways: ['distinct'] },
  { what: 'sends what takes a second to read', ways: ['slow to read'] },
  { what: 'sends what is given up after two seconds of reading', ways: ['too slow to read'] },
  { what: 'sends SQL of 9 MiB', ways: ['long'] },
  { what: 'sends 8 MiB of brackets', ways: ['deep'] },
  { what: 'sends bodies a byte at a time', ways: ['slow bodies'] },
  { what: 'does all of it at once', ways: [] },
];

interface NeighbourCase {
  readonly what: string;
  /** All of them where none is named. */
  readonly ways: readonly string[];
}

export interface NoisyNeighbourOptions {
  readonly cases: readonly NeighbourCase[];
  readonly rounds: number;
  /** Of each half of a round. */
  readonly seconds: number;
  /** Of the good client. */
  readonly queriesPerSecond: number;
}

/** What the good client waits for its answers, beside a bad one that does this. */
export interface NoisyNeighbour {
  readonly what: string;
  readonly aloneP99Ms: Spread;
  /** Beside the bad client over alone, round by round. */
  readonly p50Factor: Spread;
  readonly p99Factor: Spread;
  /** How many of the good client's queries had another answer than 200, in all rounds. */
  readonly unanswered: number;
}

/** What came of one half of a round. */
interface Half {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly unanswered: number;
}

/** How much longer one client waits where another does all it can to keep it from being served. */
export async function noisyNeighbour(options: NoisyNeighbourOptions): Promise<readonly NoisyNeighbour[]> {
  const measured: NoisyNeighbour[] = [];
  for (const one of options.cases) measured.push(await besideOne(one, options));
  return measured;
}

/** By a guardrail of its own, which has not met the bad client yet. */
function besideOne({ what, ways }: NeighbourCase, options: NoisyNeighbourOptions): Promise<NoisyNeighbour> {
  return withServers(async ({ folder, start }) => {
    const upstream = await start(startServer([serverModule('result-upstream'), String(WAREHOUSE_MS)]));
    const { url } = await start(startGuard(await benchSettings(folder, upstream.url)));
    await askSteadily(url, { ...options, seconds: WARM_UP_SECONDS });
    const alone: Half[] = [];
    const beside: Half[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      alone.push(await askSteadily(url, options));
      const badClient = await start(startServer([serverModule('bad-client'), url, ...ways]));
      beside.push(await askSteadily(url, options));
      await badClient.stop();
      await sleep(SETTLE_MS);
    }
    return summary(what, alone, beside);
  });
}

let asked = 0;

/** Queries at a steady rate, whatever becomes of those before; each of them is read and priced anew. */
async function askSteadily(
  url: string,
  { seconds, queriesPerSecond }: Pick<NoisyNeighbourOptions, 'seconds' | 'queriesPerSecond'>,
): Promise<Half> {
  const answers: Promise<Answered>[] = [];
  for (let n = 0; n < seconds * queriesPerSecond; n += 1) {
    answers.push(askOnce(url));
    await sleep(1000 / queriesPerSecond);
  }
  return halfOf(await Promise.all(answers));
}

interface Answered {
  readonly status: number;
  readonly ms: number;
}

async function askOnce(url: string): Promise<Answered> {
  asked += 1;
  const startMs = performance.now();
  const { status } = await sendQuery(url, { sql: SQL.replace('2000', String(2000 + asked)) });
  return { status, ms: performance.now() - startMs };
}

function halfOf(answers: readonly Answered[]): Half {
  const sorted = answers.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
  const unanswered = answers.filter(({ status }) => status !== 200).length;
  return { p50Ms: at(0.5), p99Ms: at(0.99), unanswered };
}

function summary(what: string, alone: readonly Half[], beside: readonly Half[]): NoisyNeighbour {
  const all = (halves: readonly Half[], key: keyof Half) => halves.map((half) => half[key]);
  const factor = (key: keyof Half) => spreadOf(ratios(all(beside, key), all(alone, key)));
  return {
    what,
    aloneP99Ms: spreadOf(all(alone, 'p99Ms')),
    p50Factor: factor('p50Ms'),
    p99Factor: factor('p99Ms'),
    unanswered: all([...alone, ...beside], 'unanswered').reduce((sum, count) => sum + count, 0),
  };
}

/** For people. */
export function noisyNeighbourText(measured: readonly NoisyNeighbour[]): string {
  return tableText(
    ['the bad client', 'p99 alone, ms', 'p50 over alone', 'p99 over alone', 'unanswered'],
    measured.map(({ what, aloneP99Ms, p50Factor, p99Factor, unanswered }) => [
      what,
      spreadText(aloneP99Ms, 0),
      spreadText(p50Factor),
      spreadText(p99Factor),
      String(unanswered),
    ]),
  );
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '4' },
      rate: { type: 'string', default: '25' },
      way: { type: 'string', multiple: true, default: [] },
    },
  });
  const chosen = { what: values.way.join(', '), ways: values.way };
  console.log(
    noisyNeighbourText(
      await noisyNeighbour({
        cases: values.way.length === 0 ? CASES : [chosen],
        rounds: Number(values.rounds),
        seconds: Number(values.seconds),
        queriesPerSecond: Number(values.rate),
      }),
    ),
  );
}
