import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { buildBundle } from '../e2e/bundle.ts';
import { fillLedger } from './fill-ledger.ts';
import { benchSettings } from './measure/bench-policies.ts';
import { cpuSeconds, type Held, held } from './measure/process-usage.ts';
import { startGuard } from './measure/server-process.ts';
import { ratios, type Spread, spreadOf, spreadText, tableText } from './measure/spread.ts';

const SOURCES = 'src/main.ts';

export interface StartOptions {
  readonly rounds: number;
  /** In the ledger before the first start. */
  readonly decisions: number;
  /** After how long idle memory is looked at. */
  readonly idleMs: number;
}

/** What is started. Where the sources are, Node may keep what it compiles: `cold` is then the first start of all. */
const WAYS = ['bundle', 'sources cold', 'sources warm'] as const;
export type Way = (typeof WAYS)[number];

const WAY_TEXTS: Readonly<Record<Way, string>> = {
  bundle: 'the bundle, as the container runs it',
  'sources cold': 'the sources, compile cache cold',
  'sources warm': 'the sources, compile cache warm',
};

export interface Starts {
  readonly decisions: number;
  /** From the beginning of the process until `/readyz` says 200. */
  readonly milliseconds: Readonly<Record<Way, Spread>>;
  /** Processor time until then, of the process and its children. */
  readonly cpuMilliseconds: Readonly<Record<Way, Spread>>;
  /** How many times the bundle's time it is until ready, round by round. */
  readonly overBundle: Readonly<Record<Way, Spread>>;
  /** Of the bundle. */
  readonly idle: Held;
  readonly idleMs: number;
}

interface Started {
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
}

/** How long `guardrail serve` takes until it guards, and what it holds while nothing is asked of it. */
export async function start({ rounds, decisions, idleMs }: StartOptions): Promise<Starts> {
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-start-'));
  try {
    const settings = await benchSettings(folder, 'http://127.0.0.1:9');
    const path = join(folder, 'ledger.db');
    await fillLedger({
      path,
      decisions,
      days: 20,
      toMs: Date.now() - 60_000,
      keepsSql: true,
      idOf: () => randomUUID(),
    });
    const app = join(folder, 'app');
    await mkdir(app);
    const bundle = await buildBundle(app);
    const compiledIn = (name: string) => ({ ...settings, NODE_COMPILE_CACHE: join(folder, name) });
    await startOnce(compiledIn('warm'), SOURCES);
    const took: Record<Way, Started[]> = { bundle: [], 'sources cold': [], 'sources warm': [] };
    for (let round = 0; round < rounds; round += 1) {
      took.bundle.push(await startOnce(settings, bundle));
      took['sources cold'].push(await startOnce(compiledIn(`cold-${round}`), SOURCES));
      took['sources warm'].push(await startOnce(compiledIn('warm'), SOURCES));
    }
    return { decisions, ...summedUp(took), idle: await heldIdle(settings, bundle, idleMs), idleMs };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function summedUp(took: Readonly<Record<Way, readonly Started[]>>) {
  const each = (spread: (way: Way) => Spread): Readonly<Record<Way, Spread>> => ({
    bundle: spread('bundle'),
    'sources cold': spread('sources cold'),
    'sources warm': spread('sources warm'),
  });
  const times = (way: Way) => took[way].map(({ milliseconds }) => milliseconds);
  return {
    milliseconds: each((way) => spreadOf(times(way))),
    cpuMilliseconds: each((way) => spreadOf(took[way].map(({ cpuMilliseconds }) => cpuMilliseconds))),
    overBundle: each((way) => spreadOf(ratios(times(way), times('bundle')))),
  };
}

async function startOnce(settings: Readonly<Record<string, string>>, main: string): Promise<Started> {
  const startMs = performance.now();
  const guard = await startGuard(settings, { main });
  const milliseconds = performance.now() - startMs;
  const cpuMilliseconds = cpuSeconds(guard.pid) * 1000;
  await guard.stop();
  return { milliseconds, cpuMilliseconds };
}

async function heldIdle(
  settings: Readonly<Record<string, string>>,
  main: string,
  idleMs: number,
): Promise<Held> {
  const guard = await startGuard(settings, { main });
  await sleep(idleMs);
  const idle = held(guard.pid);
  await guard.stop();
  return idle;
}

/** For people. */
export function startText({ decisions, idle, idleMs, ...took }: Starts): string {
  const rows = WAYS.map((way) => [
    WAY_TEXTS[way],
    spreadText(took.milliseconds[way], 0),
    spreadText(took.cpuMilliseconds[way], 0),
    spreadText(took.overBundle[way]),
  ]);
  const mebibytes = (bytes: number) => (bytes / (1 << 20)).toFixed(0);
  return [
    tableText(
      [
        `start over ${decisions} decisions`,
        'ready after, ms',
        'CPU until then, ms',
        "over the bundle's time",
      ],
      rows,
    ),
    tableText(
      [`idle after ${idleMs / 1000} s`, 'resident, MiB'],
      [
        ['the process', mebibytes(idle.residentBytes)],
        [`its ${idle.children} children`, mebibytes(idle.childrenBytes)],
      ],
    ),
  ].join('\n\n');
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '7' }, decisions: { type: 'string', default: '10000' } },
  });
  console.log(
    startText(
      await start({ rounds: Number(values.rounds), decisions: Number(values.decisions), idleMs: 10_000 }),
    ),
  );
}
