import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { benchSettings } from './measure/bench-policies.ts';
import { SQL, sendQuery } from './measure/bench-query.ts';
import { startGuard, startServer } from './measure/server-process.ts';
import { ratios, type Spread, spreadOf, spreadText, tableText } from './measure/spread.ts';
import { serverModule, withServers } from './measure/with-servers.ts';

/** How long the warehouse takes for each of the two things that it is asked for a query. */
const WAREHOUSE_MS = 50;
/** Until what the bad client sends has filled what it can fill. */
const SETTLE_MS = 3_000;

export interface NoisyNeighbourOptions {
  readonly rounds: number;
  /** Of each half of a round. */
  readonly seconds: number;
  /** Of the good client. */
  readonly queriesPerSecond: number;
  /** What the bad client does, by the names in `bad-client.ts`; all of it unless said. */
  readonly ways?: readonly string[];
}

/** What the good client waits for its answers, round by round. */
export interface Waits {
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
}

export interface NoisyNeighbour {
  readonly warehouseMs: number;
  readonly alone: Waits;
  readonly besideBadClient: Waits;
  /** Beside the bad client over alone, round by round. */
  readonly p50Factor: Spread;
  readonly p99Factor: Spread;
}

interface Percentiles {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How much longer one client waits where another does all it can to keep it from being served. */
export function noisyNeighbour(options: NoisyNeighbourOptions): Promise<NoisyNeighbour> {
  return withServers(async ({ folder, start }) => {
    const upstream = await start(startServer([serverModule('result-upstream'), String(WAREHOUSE_MS)]));
    const { url } = await start(startGuard(await benchSettings(folder, upstream.url)));
    // Until all is compiled and connections are open, nothing counts.
    await askSteadily(url, options);
    const alone: Percentiles[] = [];
    const beside: Percentiles[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      alone.push(percentiles(await askSteadily(url, options)));
      const badClient = await start(startServer([serverModule('bad-client'), url, ...(options.ways ?? [])]));
      await sleep(SETTLE_MS);
      beside.push(percentiles(await askSteadily(url, options)));
      await badClient.stop();
      await sleep(SETTLE_MS);
    }
    return summary(alone, beside);
  });
}

let asked = 0;

/** Queries at a steady rate, whatever becomes of those before; each of them is read and priced anew. */
async function askSteadily(
  url: string,
  { seconds, queriesPerSecond }: NoisyNeighbourOptions,
): Promise<readonly number[]> {
  const waits: Promise<number>[] = [];
  for (let n = 0; n < seconds * queriesPerSecond; n += 1) {
    waits.push(wait(url));
    await sleep(1000 / queriesPerSecond);
  }
  return Promise.all(waits);
}

async function wait(url: string): Promise<number> {
  asked += 1;
  const startMs = performance.now();
  const { status } = await sendQuery(url, { sql: SQL.replace('2000', String(2000 + asked)) });
  if (status !== 200) throw new Error(`the good client was answered with ${status}`);
  return performance.now() - startMs;
}

function percentiles(waitsMs: readonly number[]): Percentiles {
  const sorted = waitsMs.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

function summary(alone: readonly Percentiles[], beside: readonly Percentiles[]): NoisyNeighbour {
  const all = (rounds: readonly Percentiles[], key: keyof Percentiles) => rounds.map((one) => one[key]);
  const waits = (rounds: readonly Percentiles[]): Waits => ({
    p50Ms: spreadOf(all(rounds, 'p50Ms')),
    p99Ms: spreadOf(all(rounds, 'p99Ms')),
  });
  const factor = (key: keyof Percentiles) => spreadOf(ratios(all(beside, key), all(alone, key)));
  return {
    warehouseMs: WAREHOUSE_MS,
    alone: waits(alone),
    besideBadClient: waits(beside),
    p50Factor: factor('p50Ms'),
    p99Factor: factor('p99Ms'),
  };
}

/** For people. */
export function noisyNeighbourText({
  warehouseMs,
  alone,
  besideBadClient,
  p50Factor,
  p99Factor,
}: NoisyNeighbour): string {
  const row = (what: string, { p50Ms, p99Ms }: Waits) => [what, spreadText(p50Ms, 0), spreadText(p99Ms, 0)];
  return tableText(
    [`a client's wait, the warehouse answering after ${warehouseMs} ms`, 'p50, ms', 'p99, ms'],
    [
      row('alone', alone),
      row('beside a bad client', besideBadClient),
      ['factor', spreadText(p50Factor), spreadText(p99Factor)],
    ],
  );
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '10' },
      rate: { type: 'string', default: '20' },
      way: { type: 'string', multiple: true, default: [] },
    },
  });
  console.log(
    noisyNeighbourText(
      await noisyNeighbour({
        rounds: Number(values.rounds),
        seconds: Number(values.seconds),
        queriesPerSecond: Number(values.rate),
        ways: values.way,
      }),
    ),
  );
}
