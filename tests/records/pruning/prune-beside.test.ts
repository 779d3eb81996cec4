import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createBooks } from '../../../src/books/books.ts';
import { enterBatch } from '../../../src/books/enter.ts';
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { pruneRecords } from '../../../src/records/pruning/prune.ts';
import { spendBy } from '../../../src/records/spend/spend-by.ts';
import type { UnpricedSettlement } from '../../../src/vocabulary/unpriced-settlement.ts';
import { admission, assumed, settled } from '../../books/builders.ts';
import { emptyLedgerUrl } from '../../ledger/ledgers.ts';
import { decision, estimateOf } from '../builders.ts';
import { verified } from '../journal/journal-builders.ts';

const DAY_MS = 86_400_000;
const atMs = Date.UTC(2026, 8, 1, 12);
const pruning = { beforeMs: atMs + 2 * DAY_MS, nowMs: Date.UTC(2026, 10, 25) };
const when = { admittedAtMs: atMs, atMs: atMs + 1000 };

/** Two replicas' connections to one ledger. A SQLite file has one in a process. */
async function twoConnections(): Promise<{
  readonly one: Ledger;
  readonly other: Ledger;
  readonly url: string;
}> {
  const url = await emptyLedgerUrl();
  const one = await openLedger(url);
  onTestFinished(() => one.close());
  if (url.startsWith('sqlite:')) return { one, other: one, url };
  const other = await openLedger(url);
  onTestFinished(() => other.close());
  return { one, other, url };
}

async function admit(ledger: Ledger, id: string): Promise<void> {
  const admitted = admission(id, { atMs });
  await createBooks({ ledger }).admit({
    ...admitted,
    decision: decision({ id, atMs, estimate: estimateOf(['t']) }),
  });
}

async function settle(ledger: Ledger, settlement: UnpricedSettlement): Promise<void> {
  await createBooks({ ledger }).settle(settlement);
}

/** Seals what is entered on the day of its decisions: what is entered later is not pruned with them. */
async function sealOnTheDay(ledger: Ledger): Promise<void> {
  await sealNow(ledger, undefined, () => atMs);
}

async function spent(ledger: Ledger) {
  const [row, ...others] = await spendBy(ledger.read, { by: ['day'], fromMs: 0, toMs: pruning.nowMs });
  expect(others).toEqual([]);
  return { queries: row?.queries, bytesBilled: row?.bytesBilled, keys: row?.keys };
}

/**
 * Prunes on one connection while a settlement is written on the other: it is all but committed when the pruning comes
 * to where it needs what the settlement holds.
 */
async function pruneWhileSettling(settlement: UnpricedSettlement): Promise<Ledger> {
  const { one, other, url } = await twoConnections();
  await admit(one, 'settled-before');
  await settle(one, settled('settled-before', 5n, when));
  await admit(one, 'other');
  await settle(one, { ...assumed('other', 100n), ...when });
  await createBooks({ ledger: one }).record(decision({ id: 'unguarded', atMs, outcome: 'unguarded' }));
  await settle(one, settled('unguarded', 100n, when));
  await settle(one, settled('unrecorded', 100n, when));
  await sealOnTheDay(one);
  const commit = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  const settling = one.write(async (db) => {
    await enterBatch(db, [{ kind: 'settlement', settlement }]);
    written.resolve();
    await commit.promise;
  });
  await written.promise;
  const pruned = pruneRecords(other, pruning);
  if (one !== other) await Promise.race([pruned, untilOneWaits(url)]);
  commit.resolve();
  await Promise.all([settling, pruned]);
  // What the pruning did not see goes with the next.
  await sealNow(one);
  await pruneRecords(one, { ...pruning, beforeMs: pruning.beforeMs + DAY_MS });
  return one;
}

/** Until a transaction waits for another's lock in this ledger's schema's server. */
async function untilOneWaits(url: string): Promise<void> {
  const address = new URL(url);
  address.search = '';
  const client = new pg.Client(address.href);
  await client.connect();
  try {
    for (;;) {
      const { rowCount } = await client.query(
        "select 1 from pg_stat_activity where wait_event_type = 'Lock'",
      );
      if (rowCount !== 0) return;
      await sleep(10);
    }
  } finally {
    await client.end();
  }
}

describe('a settlement entered while its day is pruned counts once', () => {
  test('for a correction of a query with a reservation', async () => {
    const ledger = await pruneWhileSettling(settled('other', 90n, { ...when, source: 'reconciled' }));

    expect(await spent(ledger)).toEqual({ queries: 4, bytesBilled: 295n, keys: ['2026-09-01'] });
    expect((await verified(ledger)).all).toEqual([]);
  });

  test('for the settlement of a query that was only assumed', async () => {
    const ledger = await pruneWhileSettling(settled('other', 80n, when));

    expect(await spent(ledger)).toEqual({ queries: 4, bytesBilled: 285n, keys: ['2026-09-01'] });
    expect((await verified(ledger)).all).toEqual([]);
  });

  test('for a correction of a job that bypassed guardrail', async () => {
    const ledger = await pruneWhileSettling(settled('unguarded', 70n, { ...when, source: 'reconciled' }));

    expect(await spent(ledger)).toEqual({ queries: 4, bytesBilled: 275n, keys: ['2026-09-01'] });
    expect((await verified(ledger)).all).toEqual([]);
  });

  test('for a correction of a query whose decision was never recorded', async () => {
    const late = { ...when, atMs: atMs + 10 * DAY_MS };
    const ledger = await pruneWhileSettling(settled('unrecorded', 60n, { ...late, source: 'reconciled' }));

    expect(await spent(ledger)).toEqual({ queries: 4, bytesBilled: 265n, keys: ['2026-09-01'] });
    expect((await verified(ledger)).all).toEqual([]);
  });
});

test('the true cost of a query on a pruned day is not counted in addition to its assumed cost', async () => {
  const { one } = await twoConnections();
  await admit(one, 'a');
  await settle(one, { ...assumed('a', 100n), ...when });
  await sealOnTheDay(one);
  await pruneRecords(one, pruning);

  await settle(one, settled('a', 80n, when));
  await sealNow(one);

  expect(await spent(one)).toEqual({ queries: 1, bytesBilled: 100n, keys: ['2026-09-01'] });
  expect((await verified(one)).all).toEqual([]);
});

test('two prunings at the same time share the work, and sum up each day once', async () => {
  const { one, other } = await twoConnections();
  const books = createBooks({ ledger: one });
  const ids = Array.from({ length: 600 }, (_, i) => `q${i}`);
  await Promise.all(
    ids.map((id, i) =>
      books.record(decision({ id, atMs: atMs + (i % 7), estimate: estimateOf(['t', 'u']) })),
    ),
  );
  await Promise.all(ids.map((id) => books.settle(settled(id, 10n, when))));
  await Promise.all(ids.map((id) => books.settle(settled(`lost-${id}`, 1n, when))));
  await sealOnTheDay(one);

  await Promise.all([pruneRecords(one, pruning), pruneRecords(other, pruning)]);
  await sealNow(one);

  expect(await spent(one)).toEqual({ queries: 1_200, bytesBilled: 6_600n, keys: ['2026-09-01'] });
  expect(await one.read.selectFrom('settlements').select('decision_id').execute()).toEqual([]);
  // Those that were recorded, and those that were not.
  expect(await one.read.selectFrom('spend_by_day').select('queries').execute()).toEqual([
    { queries: 600n },
    { queries: 600n },
  ]);
  const byTable = await one.read.selectFrom('table_spend_by_day').select('queries').execute();
  expect(byTable).toEqual([{ queries: 600n }, { queries: 600n }, { queries: 600n }]);
  expect((await verified(one)).all).toEqual([]);
});

test('a query admitted while its day is pruned, as from a spool, outlives that pruning and goes with a later one', async () => {
  const { one } = await twoConnections();
  const books = createBooks({ ledger: one });
  const ids = Array.from({ length: 300 }, (_, i) => `q${i}`);
  await Promise.all(ids.map((id) => books.record(decision({ id, atMs: atMs - 1000 }))));
  await sealOnTheDay(one);

  const pruned = await pruneRecords(one, { ...pruning, onStep: () => admit(one, 'late') });
  const whileOpen = await verified(one);
  await settle(one, settled('late', 10n, when));
  const atOnce = await pruneRecords(one, pruning);
  await sealOnTheDay(one);
  const later = await pruneRecords(one, pruning);

  expect([pruned, atOnce, later]).toMatchObject([{ decisions: 300 }, { decisions: 0 }, { decisions: 1 }]);
  expect(whileOpen.all.filter(({ finding }) => finding !== 'left unsealed')).toEqual([]);
  expect(await spent(one)).toEqual({ queries: 1, bytesBilled: 10n, keys: ['2026-09-01'] });
  expect((await verified(one)).all).toEqual([]);
});

test('a job without a reservation that is recorded after its day was pruned, as from a spool, is settled', async () => {
  const { one } = await twoConnections();
  await admit(one, 'pruned');
  await settle(one, settled('pruned', 5n, when));
  await sealOnTheDay(one);
  await pruneRecords(one, pruning);
  await createBooks({ ledger: one }).record(decision({ id: 'late', atMs, outcome: 'unguarded' }));

  await settle(one, settled('late', 7n, when));

  expect(await spent(one)).toMatchObject({ queries: 2, bytesBilled: 12n });
});
