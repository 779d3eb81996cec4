import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Books, createBooks } from '../../src/books/books.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { policyFrom } from '../../src/policy/load.ts';
import type { Policy, Question } from '../../src/policy/policy.ts';
import { createReader } from '../../src/sql/processes/reader.ts';
import { DEFAULT_LIMITS } from '../../src/sql/reading-limits.ts';
import { newDecisionId } from '../../src/vocabulary/decision-id.ts';
import { costOf, tariffFor } from '../../src/vocabulary/pricing.ts';
import type { SqlReading } from '../../src/vocabulary/reading.ts';
import { childrenCpuSeconds } from './measure/process-usage.ts';
import { tableText } from './measure/spread.ts';
import { withServers } from './measure/with-servers.ts';
import { decisionFor, estimateOf, QUERIES, settlementFor, teamName, textsOf } from './stages/company.ts';

export interface StagesOptions {
  /** How often each step is taken, after as many that do not count. */
  readonly times: number;
  readonly sizes: readonly CompanySize[];
}

/** How many rules and budgets a company has, ten of each for a team. */
export interface CompanySize {
  readonly rules: number;
  readonly budgets: number;
}

export interface StepTime {
  readonly step: string;
  /** What half of the steps, and all but one in a hundred, take at the most. */
  readonly p50Micros: number;
  readonly p99Micros: number;
  /** Processor time, user and system, of a step on average, with that of the processes that read SQL. */
  readonly cpuMicros: number;
}

export interface Stages {
  /** The least that anything costs that is on the disk before it is answered. */
  readonly flushing: readonly StepTime[];
  /** Steps that know no rules. */
  readonly reading: readonly StepTime[];
  readonly bySize: readonly { readonly size: CompanySize; readonly steps: readonly StepTime[] }[];
}

const PROJECT = 'guardrail-demo';
const DEFAULTS = { projectId: PROJECT, defaultDataset: null };

/** What each step of a query takes by itself, in this one process. */
export async function stages(options: StagesOptions): Promise<Stages> {
  const flushing = await flushingTimes(options.times);
  const reading = await readingTimes(options.times);
  const bySize: { readonly size: CompanySize; readonly steps: readonly StepTime[] }[] = [];
  for (const size of options.sizes) bySize.push({ size, steps: await stepTimes(size, options.times) });
  return { flushing, reading, bySize };
}

function flushingTimes(times: number): Promise<readonly StepTime[]> {
  return withServers(async ({ folder }) => {
    const file = openSync(join(folder, 'flushed'), 'a');
    const page = Buffer.alloc(4_096, 'x');
    const flush = await timed('4 KiB to the disk', times, () => {
      writeSync(file, page);
      fdatasyncSync(file);
    });
    closeSync(file);
    const db = new DatabaseSync(join(folder, 'flushed.db'));
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE flushed (i INTEGER)');
    const insert = db.prepare('INSERT INTO flushed VALUES (?)');
    const row = await timed('a row of one number in SQLite', times, (i) => insert.run(i));
    db.close();
    return [flush, row];
  });
}

async function readingTimes(times: number): Promise<readonly StepTime[]> {
  const reader = createReader({ limits: DEFAULT_LIMITS, processes: 2, waitMs: 10_000 });
  await reader.ready;
  const fresh = (i: number) => `${QUERIES[i % QUERIES.length]}\n-- ${i}`;
  const anew = await timed('read, new', times, (i) => reader.read(fresh(i), DEFAULTS));
  const again = await timed('read, seen before', times, (i) =>
    reader.read(QUERIES[i % QUERIES.length] ?? '', DEFAULTS),
  );
  await reader.close();
  return [anew, again];
}

function stepTimes(size: CompanySize, times: number): Promise<readonly StepTime[]> {
  return withServers(async ({ folder }) => {
    const policy = policyFrom('policies', textsOf(size));
    const question = questionsIn(policy, Math.max(1, size.rules / 10), await readingsOfAll());
    const decide = await timed('decide', times, (i) => {
      const asked = question(i);
      policy.sourcesFor(asked);
      return policy.decide(asked);
    });
    const cover = await timed('find budgets', times, (i) =>
      policy.coverageOf({ caller: question(i).caller, projectId: PROJECT }),
    );
    const ledger = await openLedger(`sqlite:${join(folder, 'ledger.db')}`);
    try {
      return [decide, cover, ...(await timesInBooks(createBooks({ ledger }), policy, question, times))];
    } finally {
      await ledger.close();
    }
  });
}

async function readingsOfAll(): Promise<readonly SqlReading[]> {
  const reader = createReader({ limits: DEFAULT_LIMITS, processes: 1, waitMs: 10_000 });
  try {
    const read = await Promise.all(QUERIES.map((sql) => reader.read(sql, DEFAULTS)));
    return read.map(({ reading }) => reading);
  } finally {
    await reader.close();
  }
}

/** What the teams of a company ask, one after the other. */
function questionsIn(
  policy: Policy,
  teams: number,
  readings: readonly SqlReading[],
): (i: number) => Question {
  return (i) => {
    const principal = `bi@${teamName(i % teams)}.example`;
    const team = policy.teamOf(principal);
    const reading = readings[i % readings.length];
    if (reading === undefined) throw new RangeError('there is a reading of each query');
    const estimate = estimateOf(reading, principal);
    return {
      reading,
      estimate,
      cost: costFor(policy, estimate.bytesBilled),
      caller: { principal, team: team.name, tool: 'metabase', person: '12', dashboard: null, card: null },
      team,
      atMs: Date.now(),
    };
  };
}

async function timesInBooks(
  books: Books,
  policy: Policy,
  question: (i: number) => Question,
  times: number,
): Promise<readonly StepTime[]> {
  const ids: string[] = [];
  const reserve = await timed('reserve, record', times, (i) => {
    const asked = question(i);
    const id = newDecisionId();
    ids.push(id);
    return books.admit({
      reservation: {
        decisionId: id,
        atMs: asked.atMs,
        coverages: policy.coverageOf({ caller: asked.caller, projectId: PROJECT }),
        rulesHeld: [],
        pricing: policy.pricing,
        spend: { bytesBilled: asked.estimate.bytesBilled, slotMs: 0n, queries: 1n, cost: asked.cost },
        expiresAtMs: asked.atMs + 3_600_000,
        replica: 'bench',
      },
      decision: decisionFor(id, asked, QUERIES[i % QUERIES.length] ?? ''),
    });
  });
  const tariff = tariffFor({ projectId: PROJECT, location: 'US', models: 'none' }, policy.pricing);
  const settle = await timed('settle, record', times, (i) =>
    books.settle(settlementFor(ids[i] ?? '', tariff)),
  );
  return [reserve, settle];
}

function costFor(policy: Policy, bytesBilled: bigint) {
  const tariff = tariffFor({ projectId: PROJECT, location: 'US', models: 'none' }, policy.pricing);
  return costOf({ bytesBilled, slotMs: 0n }, tariff);
}

/** Takes a step so often, one after another, and as often before that until it is compiled. */
async function timed(step: string, times: number, take: (i: number) => unknown): Promise<StepTime> {
  for (let i = 0; i < times; i += 1) await take(i);
  const micros: number[] = [];
  const cpuBefore = cpuMicros();
  for (let i = times; i < 2 * times; i += 1) {
    const startedAt = performance.now();
    await take(i);
    micros.push((performance.now() - startedAt) * 1000);
  }
  const cpu = cpuMicros() - cpuBefore;
  micros.sort((a, b) => a - b);
  const at = (share: number) => micros[Math.floor(micros.length * share)] ?? 0;
  return { step, p50Micros: at(0.5), p99Micros: at(0.99), cpuMicros: cpu / times };
}

/** What this process and its children have used since they began. */
function cpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system + childrenCpuSeconds(process.pid) * 1e6;
}

/** As tables of Markdown. */
export function stagesText({ flushing, reading, bySize }: Stages): string {
  const format = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
  const line = (rules: string, { step, p50Micros, p99Micros, cpuMicros }: StepTime) => [
    `${step}${rules}`,
    format.format(p50Micros),
    format.format(p99Micros),
    format.format(cpuMicros),
  ];
  const rows = [
    ...[...flushing, ...reading].map((time) => line('', time)),
    ...bySize.flatMap(({ size, steps }) =>
      steps.map((time) =>
        line(` · ${format.format(size.rules)} rules, ${format.format(size.budgets)} budgets`, time),
      ),
    ),
  ];
  return tableText(['step', 'p50 µs', 'p99 µs', 'CPU µs'], rows);
}

export const SIZES: readonly CompanySize[] = [
  { rules: 10, budgets: 10 },
  { rules: 1_000, budgets: 1_000 },
  { rules: 10_000, budgets: 10_000 },
];

if (import.meta.main) {
  const times = Number(process.argv[2] ?? 2_000);
  console.log(stagesText(await stages({ times, sizes: SIZES })));
}
