import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { benchSettings } from './measure/bench-policies.ts';
import { startGuard, startServer } from './measure/server-process.ts';
import { tableText } from './measure/spread.ts';
import { serverModule, withServers } from './measure/with-servers.ts';
import { type Growth, growthOf, type Sample, sampled } from './soak/samples.ts';
import { type Counts, steadyTraffic } from './soak/traffic.ts';

export interface SoakOptions {
  readonly minutes: number;
  readonly perSecond: number;
  readonly tell?: (sample: Sample) => void;
}

export interface Soaked {
  readonly perSecond: number;
  readonly samples: readonly Sample[];
  readonly sent: Counts;
  readonly growth: Readonly<Record<Watched, Growth>>;
  /** What still goes up in the second half, faster than it may and to more than it ever was in the first. */
  readonly grows: readonly Watched[];
}

type Watched = 'residentBytes' | 'childrenBytes' | 'heapBytes' | 'descriptors' | 'sockets';

/**
 * What may go up in an hour of the second half: caches fill up to their limits for longer than this lasts, and a line
 * through samples that go up and down is never quite level.
 */
const MAX_PER_HOUR: Readonly<Record<Watched, number>> = {
  residentBytes: 64 << 20,
  childrenBytes: 64 << 20,
  heapBytes: 32 << 20,
  descriptors: 8,
  sockets: 8,
};

/** The collector gives memory back in steps: a line through the end of a saw's tooth goes up, and its points do not. */
const MAX_OVER_FIRST_HALF = 1.1;

/** Guards a steady mix of traffic for some time, and looks whether memory or descriptors go up with it. */
export function soak({ minutes, perSecond, tell = () => undefined }: SoakOptions): Promise<Soaked> {
  return withServers(async ({ folder, start }) => {
    const upstream = await start(startServer([serverModule('result-upstream')]));
    const guard = await start(startGuard(await benchSettings(folder, upstream.url)));
    const stop = new AbortController();
    try {
      const traffic = steadyTraffic(guard, perSecond, stop.signal);
      const samples = await sampled(guard, minutes, tell);
      stop.abort();
      return soaked(perSecond, samples, await traffic);
    } finally {
      stop.abort();
    }
  });
}

function soaked(perSecond: number, samples: readonly Sample[], sent: Counts): Soaked {
  const watched = Object.keys(MAX_PER_HOUR) as Watched[];
  const growth = Object.fromEntries(watched.map((key) => [key, growthOf(samples, key)])) as Record<
    Watched,
    Growth
  >;
  const grows = watched.filter(
    (key) =>
      growth[key].secondHalfPerHour > MAX_PER_HOUR[key] && growth[key].mostOverMost > MAX_OVER_FIRST_HALF,
  );
  return { perSecond, samples, sent, growth, grows };
}

/** For people: each minute, each half, and what was sent. */
export function soakText({ samples, sent, growth, grows }: Soaked): string {
  const each = tableText(SAMPLE_HEAD, samples.map(sampleCells));
  const halves = tableText(
    ['goes up in an hour', 'first half', 'second half', 'most of the second over most of the first'],
    Object.entries(growth).map(([key, { firstHalfPerHour, secondHalfPerHour, mostOverMost }]) => [
      key,
      ...[firstHalfPerHour, secondHalfPerHour].map((value) => growthText(key, value)),
      mostOverMost.toFixed(2),
    ]),
  );
  const kinds = tableText(
    ['sent', 'times', 'answered as expected'],
    Object.entries(sent).map(([name, count]) => [name, String(count.sent), String(count.asExpected)]),
  );
  const verdict = grows.length === 0 ? 'Nothing goes on growing.' : `STILL GROWING: ${grows.join(', ')}.`;
  return [each, halves, kinds, verdict].join('\n\n');
}

const SAMPLE_HEAD = [
  ...['minute', 'resident, MiB', 'children, MiB', 'heap, MiB', 'descriptors', 'of these sockets', 'CPU, s'],
];

function sampleCells(sample: Sample): readonly string[] {
  return [
    String(sample.minute),
    mebibytes(sample.residentBytes),
    mebibytes(sample.childrenBytes),
    mebibytes(sample.heapBytes),
    String(sample.descriptors),
    String(sample.sockets),
    sample.cpuSeconds.toFixed(0),
  ];
}

function growthText(key: string, value: number): string {
  return key.endsWith('Bytes') ? `${mebibytes(value)} MiB` : value.toFixed(1);
}

function mebibytes(bytes: number): string {
  return (bytes / (1 << 20)).toFixed(1);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '30' },
      'per-second': { type: 'string', default: '10' },
      json: { type: 'string' },
    },
  });
  const result = await soak({
    minutes: Number(values.minutes),
    perSecond: Number(values['per-second']),
    tell: (sample) => console.log(sampleCells(sample).join(' | ')),
  });
  console.log(`\n${soakText(result)}`);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`);
  process.exitCode = result.grows.length === 0 ? 0 : 1;
}
