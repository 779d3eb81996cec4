import { parseArgs } from 'node:util';
import { benchSettings } from './measure/bench-policies.ts';
import { sendQuery } from './measure/bench-query.ts';
import { cpuSeconds, forgetPeak, peakBytes, residentBytes } from './measure/process-usage.ts';
import { startGuard, startServer } from './measure/server-process.ts';
import { ratios, type Spread, spreadOf, spreadText, tableText } from './measure/spread.ts';
import { serverModule, withServers } from './measure/with-servers.ts';

const MIB = 1 << 20;
const GIB = 1 << 30;
const AT_ONCE = 200;

export interface StreamingOptions {
  /** Of one result, alone. */
  readonly alone: { readonly rounds: number; readonly bytes: number };
  /** Of many results at once, of each size in turn. */
  readonly atOnce: { readonly rounds: number; readonly sizes: readonly number[] };
}

/** What stands, or does not stand, between the client and the warehouse. */
export type Way = 'direct' | 'bare proxy' | 'guardrail';

const IN_THE_WAY: readonly Way[] = ['bare proxy', 'guardrail'];

/** One large result on one way. */
export interface OneStream {
  readonly megabytesPerSecond: Spread;
  /** Of the process in the way; the direct way has none. */
  readonly cpuSecondsPerGb: Spread | null;
  /** The most that was resident above what was before the first stream. */
  readonly extraBytes: Spread | null;
}

/** Many results at once on one way. */
export interface ManyStreams {
  readonly way: Way;
  readonly bytesEach: number;
  readonly extraBytes: Spread;
  readonly megabytesPerSecond: Spread;
}

export interface Streaming {
  readonly bytes: number;
  readonly ways: Readonly<Record<Way, OneStream>>;
  /** Rate of the guardrail over the bare proxy's, round by round. */
  readonly rateOfBare: Spread;
  /** Rate over what the client and the warehouse can do alone. */
  readonly rateOfDirect: Spread;
  /** Processor time of the guardrail over the bare proxy's, round by round. */
  readonly cpuOfBare: Spread;
  readonly atOnce: readonly ManyStreams[];
}

interface Streamed {
  readonly megabytesPerSecond: number;
  readonly cpuSecondsPerGb: number;
  readonly extraBytes: number;
}

interface ResultSize {
  readonly bytes: number;
  /** At once. */
  readonly times: number;
}

interface Measured {
  readonly way: Way;
  readonly url: string;
  /** The process in the way; null where there is none. */
  readonly pid: number | null;
}

interface Warm extends Measured {
  /** What it holds once it has answered, and before anything large. */
  readonly idleBytes: number;
}

/** Streams results that are far larger than memory may be, through the guardrail and through less. */
export async function streaming({ alone, atOnce }: StreamingOptions): Promise<Streaming> {
  const one = await inTurn({ bytes: alone.bytes, times: 1 }, alone.rounds);
  const many: ManyStreams[] = [];
  for (const bytes of atOnce.sizes) {
    const rounds: Map<Way, Streamed[]>[] = [];
    // What a collector has left of one round is no part of the next, and none of the next size.
    for (let round = 0; round < atOnce.rounds; round += 1)
      rounds.push(await inTurn({ bytes, times: AT_ONCE }, 1));
    for (const way of IN_THE_WAY) {
      const streamed = rounds.flatMap((results) => results.get(way) ?? []);
      many.push(manySummary(way, bytes, streamed));
    }
  }
  return { bytes: alone.bytes, ...summary(one), atOnce: many };
}

/** Round by round, each way in turn, through processes that have streamed nothing large before. */
function inTurn(size: ResultSize, rounds: number): Promise<Map<Way, Streamed[]>> {
  return withServers(async ({ folder, start }) => {
    const upstream = await start(startServer([serverModule('result-upstream')]));
    const bare = await start(startServer([serverModule('bare-proxy'), upstream.url]));
    const guard = await start(startGuard(await benchSettings(folder, upstream.url)));
    const ways = [
      await warm({ way: 'direct', url: upstream.url, pid: null }),
      await warm({ way: 'bare proxy', ...bare }),
      await warm({ way: 'guardrail', ...guard }),
    ];
    const results = new Map<Way, Streamed[]>(ways.map(({ way }) => [way, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const one of ways) results.get(one.way)?.push(await streamOn(one, size));
    }
    return results;
  });
}

/** Until all is compiled and connections are open, nothing counts. */
async function warm(one: Measured): Promise<Warm> {
  for (let round = 0; round < 5; round += 1) await stream(one.url, { bytes: 4 * MIB, times: 4 });
  return { ...one, idleBytes: one.pid === null ? 0 : residentBytes(one.pid) };
}

function manySummary(way: Way, bytesEach: number, streamed: readonly Streamed[]): ManyStreams {
  return {
    way,
    bytesEach,
    extraBytes: spreadOf(streamed.map(({ extraBytes }) => extraBytes)),
    megabytesPerSecond: spreadOf(streamed.map(({ megabytesPerSecond }) => megabytesPerSecond)),
  };
}

function summary(alone: ReadonlyMap<Way, readonly Streamed[]>): Omit<Streaming, 'bytes' | 'atOnce'> {
  const all = (way: Way, key: keyof Streamed) => (alone.get(way) ?? []).map((one) => one[key]);
  const one = (way: Way): OneStream => ({
    megabytesPerSecond: spreadOf(all(way, 'megabytesPerSecond')),
    cpuSecondsPerGb: way === 'direct' ? null : spreadOf(all(way, 'cpuSecondsPerGb')),
    extraBytes: way === 'direct' ? null : spreadOf(all(way, 'extraBytes')),
  });
  const over = (way: Way, key: keyof Streamed) => spreadOf(ratios(all('guardrail', key), all(way, key)));
  return {
    ways: { direct: one('direct'), 'bare proxy': one('bare proxy'), guardrail: one('guardrail') },
    rateOfBare: over('bare proxy', 'megabytesPerSecond'),
    rateOfDirect: over('direct', 'megabytesPerSecond'),
    cpuOfBare: over('bare proxy', 'cpuSecondsPerGb'),
  };
}

async function streamOn({ url, pid, idleBytes }: Warm, size: ResultSize): Promise<Streamed> {
  const cpuBefore = pid === null ? 0 : cpuSeconds(pid);
  if (pid !== null) forgetPeak(pid);
  const startMs = performance.now();
  const received = await stream(url, size);
  const seconds = (performance.now() - startMs) / 1000;
  return {
    megabytesPerSecond: received / 1e6 / seconds,
    cpuSecondsPerGb: pid === null ? 0 : (cpuSeconds(pid) - cpuBefore) / (received / 1e9),
    extraBytes: pid === null ? 0 : peakBytes(pid) - idleBytes,
  };
}

/** @returns bytes received together */
async function stream(url: string, { bytes, times }: ResultSize): Promise<number> {
  const all = await Promise.all(
    Array.from({ length: times }, (_, i) => sendQuery(url, { bytes, chunked: i % 2 === 1 })),
  );
  for (const { status } of all) if (status !== 200) throw new Error(`a stream was answered with ${status}`);
  return all.reduce((sum, one) => sum + one.bytes, 0);
}

/** For people. */
export function streamingText({
  bytes,
  ways,
  rateOfBare,
  rateOfDirect,
  cpuOfBare,
  atOnce,
}: Streaming): string {
  const alone = tableText(
    [`${(bytes / 1e9).toFixed(2)} GB at a time`, 'MB/s', 'CPU, s for each GB', 'memory above idle, MiB'],
    Object.entries(ways).map(([way, one]) => [
      way,
      spreadText(one.megabytesPerSecond, 0),
      one.cpuSecondsPerGb === null ? '' : spreadText(one.cpuSecondsPerGb),
      one.extraBytes === null ? '' : spreadText(inMebibytes(one.extraBytes), 1),
    ]),
  );
  const ofBare = tableText(
    ['the guardrail over', 'rate', 'CPU'],
    [
      ['the bare proxy', spreadText(rateOfBare), spreadText(cpuOfBare)],
      ['no proxy', spreadText(rateOfDirect), ''],
    ],
  );
  const many = tableText(
    [`${AT_ONCE} at once`, 'MiB each', 'memory above idle, MiB', 'MB/s together'],
    atOnce.map((one) => [
      one.way,
      (one.bytesEach / MIB).toFixed(0),
      spreadText(inMebibytes(one.extraBytes), 0),
      spreadText(one.megabytesPerSecond, 0),
    ]),
  );
  return [alone, ofBare, many].join('\n\n');
}

function inMebibytes({ median, min, max, count }: Spread): Spread {
  return { median: median / MIB, min: min / MIB, max: max / MIB, count };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '5' }, mebibytes: { type: 'string', default: '1024' } },
  });
  const result = await streaming({
    alone: { rounds: Number(values.rounds), bytes: Math.min(Number(values.mebibytes) * MIB, 4 * GIB) },
    atOnce: { rounds: 1, sizes: [32 * MIB, 128 * MIB] },
  });
  console.log(streamingText(result));
}
