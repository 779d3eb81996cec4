import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { isLatestVersion } from '../../src/records/latest-version.ts';
import type { Budget } from '../../src/vocabulary/budget.ts';
import { HOUR_MS } from '../budget/builders.ts';
import { verified } from '../records/journal/journal-builders.ts';
import { accounts, budgetsOf } from './acts.ts';
import { booksOn } from './builders.ts';
import { Acknowledged, ledgersOf, Replica, type ReplicaAct } from './replicas.ts';

const REPLICAS = 3;

/** When the last query may be admitted: late enough for the first to have left a rolling window. */
const LAST_MINUTE = 150;

const act: fc.Arbitrary<ReplicaAct> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('admit' as const),
      bytes: fc.bigInt(0n, 200n),
      account: fc.nat(accounts.length - 1),
      minute: fc.nat(LAST_MINUTE),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      does: fc.constant('settle' as const),
      decision: fc.nat(50),
      percent: fc.bigInt(0n, 100n),
      job: fc.option(fc.nat(3)),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ does: 'charge what expired' as const }) },
  { weight: 1, arbitrary: fc.constant({ does: 'crash' as const }) },
);

/** What each replica does: groups of acts in sequence, the acts of a group concurrently. */
const scripts = fc.array(fc.array(fc.array(act, { minLength: 1, maxLength: 4 }), { maxLength: 8 }), {
  minLength: REPLICAS,
  maxLength: REPLICAS,
});

async function contentsOf(ledger: Ledger, run: string) {
  const db = ledger.read;
  const like = `${run}-%`;
  const reservations = await db
    .selectFrom('reservations')
    .select(['decision_id', 'state', 'bytes_billed'])
    .where('decision_id', 'like', like)
    .execute();
  const standing = await db
    .selectFrom('settlements')
    .select(['decision_id', 'bytes_billed', 'job_id', 'source'])
    .where('decision_id', 'like', like)
    .where(isLatestVersion)
    .execute();
  const versions = await db
    .selectFrom('settlements')
    .select(['decision_id', 'version'])
    .where('decision_id', 'like', like)
    .execute();
  const entries = [
    ...reservations.map(({ decision_id }) => `decision ${decision_id}`),
    ...versions.map(({ decision_id, version }) => `settlement ${decision_id}/${version}`),
  ];
  return {
    states: new Map(reservations.map((row) => [row.decision_id, row.state])),
    open: reservations.filter(({ state }) => state === 'open').map(({ bytes_billed }) => bytes_billed),
    charged: standing.map(({ bytes_billed }) => bytes_billed),
    payers: standing.flatMap(({ job_id, source }) =>
      source === 'repeated' || job_id === null ? [] : [job_id],
    ),
    entries: entries.toSorted(),
  };
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => a + b, 0n);
}

async function expectWhole(ledger: Ledger, acknowledged: Acknowledged): Promise<void> {
  const contents = await contentsOf(ledger, acknowledged.run);
  const [day] = acknowledged.budgets;
  if (day === undefined) throw new Error('there are no budgets');

  expect(acknowledged.above).toEqual([]);
  expect([...acknowledged.admitted.keys()].filter((id) => !contents.states.has(id))).toEqual([]);
  expect([...acknowledged.settled].filter((id) => contents.states.get(id) !== 'settled')).toEqual([]);
  expect(new Set(contents.payers).size).toBe(contents.payers.length);
  expect(await booksOn(ledger).journal(`${acknowledged.run}-`)).toEqual(contents.entries);
  expect(await booksOn(ledger).stands(day, acknowledged.startMs)).toEqual({
    used: sum(contents.charged),
    reserved: sum(contents.open),
  });
  for (const of of acknowledged.budgets) await expectWithin(ledger, of, acknowledged.startMs);
}

/** No query is billed more than it reserved, so every limit that held at admission still holds. */
async function expectWithin(ledger: Ledger, of: Budget, startMs: number): Promise<void> {
  if (of.whenExceeded === 'warn') return;
  const coverages = (of.per === null ? [''] : accounts).map((account) => ({ budget: of, account }));
  const balances = await booksOn(ledger).budgets.balances(coverages, startMs + LAST_MINUTE * 60_000);
  for (const { used, reserved, limit } of balances) expect(used + reserved).toBeLessThanOrEqual(limit);
}

test('replicas that crash and settle for each other keep to one limit and lose nothing', async () => {
  const ledgers = await ledgersOf(REPLICAS);
  const [ledger] = ledgers;
  if (ledger === undefined) throw new Error('there is no replica');
  let runs = 0;

  await fc.assert(
    fc.asyncProperty(scripts, async (all) => {
      runs += 1;
      const run = `run${runs}`;
      const acknowledged = new Acknowledged(run, Date.UTC(2026, runs, 24, 15), budgetsOf(run));

      await Promise.all(ledgers.map((of, i) => new Replica(of, acknowledged).works(all[i] ?? [])));

      await expectWhole(ledger, acknowledged);
      const { budgets, books } = booksOn(ledger);
      for (const { decisionId } of await budgets.expired(acknowledged.startMs + 24 * HOUR_MS, 1000)) {
        await books.giveBackPlaces([decisionId]);
      }
      await new Replica(ledger, acknowledged).works(Array(20).fill([{ does: 'charge what expired' }]));
      expect((await contentsOf(ledger, run)).open).toEqual([]);
      await expectWhole(ledger, acknowledged);
    }),
    { numRuns: 20 },
  );

  expect((await verified(ledger)).all.filter(({ finding }) => finding !== 'left unsealed')).toEqual([]);
}, 240_000);
