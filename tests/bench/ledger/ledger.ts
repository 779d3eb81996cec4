import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { z } from 'zod';
import { startPostgres } from '../../ledger/postgres/server.ts';
import { bareUpdates } from './pgbench.ts';

/*
 * How many admissions a second the ledger takes, each with its decision, reservation and journal entry, durable:
 * for one hot budget and for ten thousand, on SQLite and on PostgreSQL for one, two and four replicas, in one run with
 * pgbench doing the bare conditional update.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    callers: { type: 'string', default: '64' },
  },
});
const callers = Number(values.callers);

const told = z.object({ tookMs: z.array(z.number()), cpuMs: z.number() });

interface Measured {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMicros: number;
}

async function admissions(url: string, replicas: number, budgets: number): Promise<Measured> {
  const args = (process_: number) => [
    join(import.meta.dirname, 'admitting-process.ts'),
    url,
    String(budgets),
    String(callers / process_),
    values.seconds,
  ];
  const outputs = await Promise.all(
    Array.from({ length: replicas }, () =>
      promisify(execFile)(process.execPath, args(replicas), { maxBuffer: 1 << 28 }),
    ),
  );
  const each = outputs.map(({ stdout }) => told.parse(JSON.parse(stdout)));
  const tookMs = each.flatMap((one) => one.tookMs).sort((a, b) => a - b);
  const cpuMs = each.reduce((sum, one) => sum + one.cpuMs, 0);
  return {
    perSecond: tookMs.length / Number(values.seconds),
    p50Ms: quantile(tookMs, 0.5),
    p99Ms: quantile(tookMs, 0.99),
    cpuMicros: (cpuMs * 1000) / tookMs.length,
  };
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The least, the middle and the most of some rounds. */
function spread(rounds: readonly number[], digits = 0): string {
  const sorted = rounds.toSorted((a, b) => a - b);
  const format = (value: number) =>
    new Intl.NumberFormat('en', { maximumFractionDigits: digits }).format(value);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return `${format(middle)} (${format(sorted[0] ?? middle)}–${format(sorted.at(-1) ?? middle)})`;
}

async function inRounds<T>(work: () => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1) results.push(await work());
  return results;
}

function printRow(name: string, measured: readonly Measured[], bare: readonly number[] | null): void {
  const rates = measured.map(({ perSecond }) => perSecond);
  const ratio =
    bare === null
      ? ''
      : spread(
          rates.map((rate, i) => rate / (bare[i] ?? Number.NaN)),
          2,
        );
  console.log(
    `| ${name} | ${spread(rates)} | ${spread(
      measured.map(({ p50Ms }) => p50Ms),
      1,
    )} | ${spread(
      measured.map(({ p99Ms }) => p99Ms),
      1,
    )} | ${spread(measured.map(({ cpuMicros }) => cpuMicros))} | ${ratio} |`,
  );
}

const folder = await mkdtemp(join(tmpdir(), 'guardrail-bench-'));
const postgres = await startPostgres();
try {
  console.log(
    `${cpus().length} cores, ${callers} callers, ${values.rounds} rounds of ${values.seconds} s: middle (least–most)\n`,
  );
  console.log('| | admissions/s | p50, ms | p99, ms | CPU of the replicas, µs each | of the bare update |');
  console.log('|---|---:|---:|---:|---:|---:|');
  for (const [name, budgets] of [
    ['one hot budget', 1],
    ['10,000 budgets', 10_000],
  ] as const) {
    const bare = await inRounds(() =>
      bareUpdates(postgres.url, { rows: budgets, clients: callers, seconds: Number(values.seconds), folder }),
    );
    console.log(`| pgbench, bare update, ${name} | ${spread(bare)} | | | | 1 |`);
    const sqlite = `sqlite:${join(folder, `${budgets}.db`)}`;
    printRow(`SQLite, ${name}`, await inRounds(() => admissions(sqlite, 1, budgets)), bare);
    for (const replicas of [1, 2, 4]) {
      const url = `${postgres.url}?schema=bench_${budgets}_${replicas}`;
      const measured = await inRounds(() => admissions(url, replicas, budgets));
      printRow(`PostgreSQL, ${replicas} ${replicas === 1 ? 'replica' : 'replicas'}, ${name}`, measured, bare);
    }
  }
} finally {
  await postgres.remove();
  await rm(folder, { recursive: true, force: true });
}
