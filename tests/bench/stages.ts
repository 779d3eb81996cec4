import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBooks } from '../../src/books/books.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { policyFrom } from '../../src/policy/load.ts';
import type { Policy, Question } from '../../src/policy/policy.ts';
import { DEFAULT_LIMITS } from '../../src/sql/limits.ts';
import { createReader } from '../../src/sql/reader.ts';
import { costOf, tariffFor } from '../../src/vocabulary/pricing.ts';
import { tableText } from './measure/spread.ts';
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

/** What half of the steps, and all but one in a hundred, take at the most. */
export interface StepTime {
  readonly step: string;
  readonly p50Micros: number;
  readonly p99Micros: number;
}

export interface Stages {
  /** Steps that know no rules. */
  readonly reading: readonly StepTime[];
  readonly bySize: readonly { readonly size: CompanySize; readonly steps: readonly StepTime[] }[];
}

/** What each step of a query takes by itself, in this one process. */
export async function stages(options: StagesOptions): Promise<Stages> {
  const reading = await readingTimes(options.times);
  const bySize: { readonly size: CompanySize; readonly steps: readonly StepTime[] }[] = [];
  for (const size of options.sizes) bySize.push({ size, steps: await stepTimes(size, options.times) });
  return { reading, bySize };
}

async function readingTimes(times: number): Promise<readonly StepTime[]> {
  const reader = createReader({ limits: DEFAULT_LIMITS, processes: 2, waitMs: 10_000 });
  await reader.ready;
  const defaults = { projectId: 'guardrail-demo', defaultDataset: null };
  const fresh = (i: number) => `${QUERIES[i % QUERIES.length]}\n-- ${i}`;
  const anew = await timed('read, new', times, (i) => reader.read(fresh(i), defaults));
  const again = await timed('read, seen before', times, (i) =>
    reader.read(QUERIES[i % QUERIES.length] ?? '', defaults),
  );
  await reader.close();
  return [anew, again];
}

async function stepTimes(size: CompanySize, times: number): Promise<readonly StepTime[]> {
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-stages-'));
  const reader = createReader({ limits: DEFAULT_LIMITS, processes: 1, waitMs: 10_000 });
  const ledger = await openLedger(`sqlite:${join(folder, 'ledger.db')}`);
  try {
    const policy = policyFrom('policies', textsOf(size));
    const defaults = { projectId: 'guardrail-demo', defaultDataset: null };
    const readings = (await Promise.all(QUERIES.map((sql) => reader.read(sql, defaults)))).map(
      ({ reading }) => reading,
    );
    const teams = Math.max(1, size.rules / 10);
    const question = (i: number): Question => {
      const principal = `bi@${teamName(i % teams)}.example`;
      const team = policy.teamOf(principal);
      const reading = readings[i % readings.length];
      if (reading === undefined) throw new RangeError('there is a reading of each query');
      const estimate = estimateOf(reading, principal);
      const caller = {
        principal,
        team: team.name,
        tool: 'metabase',
        person: '12',
        dashboard: null,
        card: null,
      };
      return {
        reading,
        estimate,
        cost: costFor(policy, estimate.bytesBilled),
        caller,
        team,
        atMs: Date.now(),
      };
    };
    const decide = await timed('decide', times, (i) => {
      const asked = question(i);
      policy.sourcesFor(asked);
      return policy.decide(asked);
    });
    const cover = await timed('find budgets', times, (i) =>
      policy.coverageOf({ caller: question(i).caller, projectId: 'guardrail-demo' }),
    );
    const books = createBooks({ ledger });
    const ids: string[] = [];
    const reserve = await timed('reserve, record', times, (i) => {
      const asked = question(i);
      const id = randomUUID();
      ids.push(id);
      return books.admit({
        reservation: {
          decisionId: id,
          atMs: asked.atMs,
          coverages: policy.coverageOf({ caller: asked.caller, projectId: 'guardrail-demo' }),
          rulesHeld: [],
          pricing: policy.pricing,
          spend: { bytesBilled: asked.estimate.bytesBilled, slotMs: 0n, queries: 1n, cost: asked.cost },
          expiresAtMs: asked.atMs + 3_600_000,
          replica: 'bench',
        },
        decision: decisionFor(id, asked, QUERIES[i % QUERIES.length] ?? ''),
      });
    });
    const settle = await timed('settle, record', times, (i) =>
      books.settle(
        settlementFor(
          ids[i] ?? '',
          tariffFor({ projectId: 'guardrail-demo', location: 'US' }, policy.pricing),
        ),
      ),
    );
    return [decide, cover, reserve, settle];
  } finally {
    await ledger.close();
    await reader.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function costFor(policy: Policy, bytesBilled: bigint) {
  const tariff = tariffFor({ projectId: 'guardrail-demo', location: 'US' }, policy.pricing);
  return costOf({ bytesBilled, slotMs: 0n }, tariff);
}

/** Takes a step so often, one after another, and as often before that until it is compiled. */
async function timed(step: string, times: number, take: (i: number) => unknown): Promise<StepTime> {
  const micros: number[] = [];
  for (let i = 0; i < 2 * times; i += 1) {
    const startedAt = performance.now();
    await take(i);
    if (i >= times) micros.push((performance.now() - startedAt) * 1000);
  }
  micros.sort((a, b) => a - b);
  const at = (share: number) => micros[Math.floor(micros.length * share)] ?? 0;
  return { step, p50Micros: at(0.5), p99Micros: at(0.99) };
}

/** As tables of Markdown. */
export function stagesText({ reading, bySize }: Stages): string {
  const format = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
  const line = (rules: string, { step, p50Micros, p99Micros }: StepTime) => [
    `${step}${rules}`,
    format.format(p50Micros),
    format.format(p99Micros),
  ];
  const rows = [
    ...reading.map((time) => line('', time)),
    ...bySize.flatMap(({ size, steps }) =>
      steps.map((time) =>
        line(` · ${format.format(size.rules)} rules, ${format.format(size.budgets)} budgets`, time),
      ),
    ),
  ];
  return tableText(['step', 'p50 µs', 'p99 µs'], rows);
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
