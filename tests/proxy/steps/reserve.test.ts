import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import type { Budgets } from '../../../src/budget/budgets.ts';
import { createTurnstile } from '../../../src/budget/turnstile/turnstile.ts';
import { DAY_MS } from '../../../src/foundation/calendar/durations.ts';
import { createMetrics } from '../../../src/metrics/metrics.ts';
import type { Judged } from '../../../src/proxy/passage.ts';
import type { Stages } from '../../../src/proxy/stages.ts';
import { reserve } from '../../../src/proxy/steps/reserve.ts';
import { Stop } from '../../../src/proxy/stop.ts';
import { readSql } from '../../../src/sql/read-sql.ts';
import { UNTRACED } from '../../../src/tracing/tracing.ts';
import { onDemandTariff } from '../../../src/vocabulary/pricing.ts';
import { booksOn, type TestBooks } from '../../books/builders.ts';
import { asker } from '../../estimate/builders.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { PRICING, policyOf, TEAMS } from '../../policy/builders.ts';
import { estimateOf } from '../../records/builders.ts';
import { queryIn } from '../request/job/job-requests.ts';

const ANA = 'ana@atendimento.example';
const SQL = 'SELECT subject FROM atendimento.tickets';
const unnamed = { tool: null, person: null, dashboard: null, card: null };

/** The budgets of the team: first bytes, of which there are plenty, and then one place with a line before it. */
const policy = (length: number) =>
  policyOf({
    'base.yaml': TEAMS + PRICING,
    'budgets.yaml': `budgets:
  - { name: day, team: atendimento, window: day, limit: 1 GiB }
  - { name: place, team: atendimento, limit: 1 at once, queue: { length: ${length}, wait: 60 s } }
`,
  });

interface House {
  readonly kept: TestBooks;
  readonly stages: Stages;
  /** A query of the team that has passed the rules. */
  judged(id: string, gone?: AbortSignal): Judged;
  /** What the budgets of the team have used and reserved. */
  balances(): Promise<readonly { readonly used: bigint; readonly reserved: bigint }[]>;
}

async function openHouse({ line = 1 } = {}): Promise<House> {
  const kept = booksOn(await freshLedger());
  const inForce = policy(line);
  const team = inForce.teamOf(ANA);
  const caller = { ...unnamed, principal: ANA, team: team.name };
  const stages = {
    ...kept,
    turnstile: createTurnstile(),
    metrics: createMetrics(),
    feed: { publishSettlement: () => undefined },
    thresholds: { look: () => undefined },
    consoleUrl: null,
    replica: 'here',
    settleTimeoutMs: 60_000,
    log: pino({ level: 'silent' }),
  };
  return {
    kept,
    // The steps that use the others are not taken.
    stages: stages as unknown as Stages,
    judged: (id, gone = new AbortController().signal) => ({
      id,
      atMs: Date.now(),
      arrivedAt: performance.now(),
      job: queryIn('jobs.query', { query: SQL }),
      sql: SQL,
      remarkLabels: {},
      asker: asker('ana'),
      gone,
      hints: unnamed,
      trace: UNTRACED,
      policy: inForce,
      reading: readSql(SQL, { projectId: 'p', defaultDataset: null }),
      wasReadInTime: true,
      estimate: estimateOf(['tickets']),
      estimateSource: 'dry run',
      models: 'none',
      tariff: onDemandTariff({ location: 'US', models: 'none' }, inForce.pricing),
      slotMs: 0n,
      cost: { currency: 'USD', micros: 60n },
      caller,
      team,
      verdict: { outcome: 'allow', maximumBytesBilled: null, hits: [] },
    }),
    async balances() {
      const coverages = inForce.coverageOf({ caller, projectId: 'p' });
      const found = await kept.budgets.balances(coverages, Date.now());
      return found.map(({ used, reserved }) => ({ used, reserved }));
    },
  };
}

/** What stopped the query. */
async function stopOf(reserving: Promise<unknown>): Promise<Stop> {
  const stop = await reserving.then(() => null).catch((error: unknown) => error);
  if (stop instanceof Stop) return stop;
  throw new Error(`the query was not stopped: ${stop}`);
}

const inLine = async ({ stages }: House, count: number) => {
  await expect.poll(() => [...stages.turnstile.waiting().values()]).toEqual([count]);
};

test('a client that hangs up while its query is paid for has all of it given back, and the query is not run', async () => {
  const house = await openHouse();
  const client = new AbortController();
  const books: Stages['books'] = {
    ...house.kept.books,
    async admit(admission) {
      const outcome = await house.kept.books.admit(admission);
      client.abort();
      return outcome;
    },
  };

  const stop = await stopOf(reserve(house.judged('a', client.signal), { ...house.stages, books }));

  expect(stop.decision).toMatchObject({ outcome: 'failed', cause: 'client gone', maximumBytesBilled: null });
  expect(await house.balances()).toEqual([
    { used: 0n, reserved: 0n },
    { used: 0n, reserved: 0n },
  ]);
  const found = await house.kept.records.get('a');
  expect(found?.settlement).toMatchObject({ source: 'not run', errorReason: 'client gone', bytesBilled: 0n });
});

test('a query is charged at the rate of the day of its admission, even if the next one begins meanwhile', async () => {
  const house = await openHouse();
  const [today, tomorrow] = [0, DAY_MS].map((laterMs) => Date.now() + laterMs);
  const date = (atMs = 0) => new Date(atMs).toISOString().slice(0, 10);
  const untilTomorrow = policyOf(
    {
      'base.yaml': TEAMS,
      'money.yaml': `budgets:
  - { name: reais, team: atendimento, window: day, limit: 100 BRL }
pricing:
  currency: USD
  on_demand_per_tib: { default: 6.25 }
  exchange_rates:
    - { to: BRL, rate: 5, as_of: ${date(today)} }
    - { to: BRL, rate: 7, as_of: ${date(tomorrow)} }
`,
    },
    [],
    tomorrow,
  );

  const { coverages } = await reserve({ ...house.judged('a'), policy: untilTomorrow }, house.stages);

  const [balance] = await house.kept.budgets.balances(coverages, Date.now());
  expect(balance).toMatchObject({ reserved: 5n });
});

describe('a query that waits for a place', () => {
  test('when guardrail stops is told so in the language of its team, and holds nothing', async () => {
    const house = await openHouse();
    await reserve(house.judged('runs'), house.stages);
    const before = await house.balances();
    const stopped = stopOf(reserve(house.judged('waits'), house.stages));
    await inLine(house, 1);

    house.stages.turnstile.close();

    const { answer, decision } = await stopped;
    expect(answer).toMatchObject({ content: { status: 503, reason: 'backendError' } });
    expect(answer).toMatchObject({ content: { message: expect.stringContaining('não foi executada') } });
    expect(decision).toMatchObject({ outcome: 'failed', cause: 'stopping' });
    expect(await house.balances()).toEqual(before);
  });

  test('in a line that is full is refused by the budget of that place, and told how all of them stand', async () => {
    const house = await openHouse({ line: 0 });
    await reserve(house.judged('runs'), house.stages);

    const { answer, decision } = await stopOf(reserve(house.judged('too many'), house.stages));

    expect(decision).toMatchObject({ outcome: 'refused', cause: 'place' });
    expect(answer).toMatchObject({
      content: {
        reason: 'quotaExceeded',
        details: [{ budget: 'place', budgets: [{ name: 'day' }, { name: 'place', reserved: '1' }] }],
      },
    });
  });

  test('in a line that is full is answered 503 if the ledger cannot say how its budgets stand', async () => {
    const house = await openHouse({ line: 0 });
    await reserve(house.judged('runs'), house.stages);
    const budgets: Budgets = {
      ...house.stages.budgets,
      balances: () => Promise.reject(new Error('the disk is gone')),
    };

    const { answer, decision } = await stopOf(reserve(house.judged('b'), { ...house.stages, budgets }));

    expect(answer).toMatchObject({ content: { status: 503 } });
    expect(decision).toMatchObject({ outcome: 'failed', cause: 'ledger' });
    const { values } = await house.stages.metrics.ledgerErrors.get();
    expect(values.map(({ labels, value }) => [labels.operation, value])).toEqual([['balances', 1]]);
  });
});
