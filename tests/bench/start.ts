import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fillLedger } from './fill-ledger.ts';
import { benchSettings } from './measure/bench-policies.ts';
import { cpuSeconds, type Held, held } from './measure/process-usage.ts';
import { startGuard } from './measure/server-process.ts';
import { type Spread, spreadOf, spreadText, tableText } from './measure/spread.ts';

export interface StartOptions {
  readonly rounds: number;
  /** In the ledger before the first start. */
  readonly decisions: number;
  /** After how long idle memory is looked at. */
  readonly idleMs: number;
}

/** Whether what Node compiles is there from an earlier start. */
export type CompileCache = 'cold' | 'warm';

export interface Starts {
  readonly decisions: number;
  /** From the beginning of the process until `/readyz` says 200. */
  readonly milliseconds: Readonly<Record<CompileCache, Spread>>;
  /** Processor time until then, of the process and its children. */
  readonly cpuMilliseconds: Readonly<Record<CompileCache, Spread>>;
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
    const cache = join(folder, 'compiled');
    const warm = { ...settings, NODE_COMPILE_CACHE: cache };
    await startOnce(warm);
    const took: Record<CompileCache, Started[]> = { cold: [], warm: [] };
    for (let round = 0; round < rounds; round += 1) {
      const fresh = join(folder, `compiled-${round}`);
      took.cold.push(await startOnce({ ...settings, NODE_COMPILE_CACHE: fresh }));
      took.warm.push(await startOnce(warm));
    }
    const all = (key: keyof Started): Readonly<Record<CompileCache, Spread>> => ({
      cold: spreadOf(took.cold.map((one) => one[key])),
      warm: spreadOf(took.warm.map((one) => one[key])),
    });
    return {
      decisions,
      milliseconds: all('milliseconds'),
      cpuMilliseconds: all('cpuMilliseconds'),
      idle: await heldIdle(warm, idleMs),
      idleMs,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function startOnce(settings: Readonly<Record<string, string>>): Promise<Started> {
  const startMs = performance.now();
  const guard = await startGuard(settings);
  const milliseconds = performance.now() - startMs;
  const cpuMilliseconds = cpuSeconds(guard.pid) * 1000;
  await guard.stop();
  return { milliseconds, cpuMilliseconds };
}

async function heldIdle(settings: Readonly<Record<string, string>>, idleMs: number): Promise<Held> {
  const guard = await startGuard(settings);
  await sleep(idleMs);
  const idle = held(guard.pid);
  await guard.stop();
  return idle;
}

/** For people. */
export function startText({ decisions, milliseconds, cpuMilliseconds, idle, idleMs }: Starts): string {
  const rows = (['cold', 'warm'] as const).map((cache) => [
    `compile cache ${cache}`,
    spreadText(milliseconds[cache], 0),
    spreadText(cpuMilliseconds[cache], 0),
  ]);
  const mebibytes = (bytes: number) => (bytes / (1 << 20)).toFixed(0);
  return [
    tableText([`start over ${decisions} decisions`, 'ready after, ms', 'CPU until then, ms'], rows),
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
