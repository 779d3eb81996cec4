import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createReplica } from '../../../src/budget/replicas.ts';
import { dayAt, startOfDay } from '../../../src/foundation/calendar/days.ts';
import { parseRetentionPeriod } from '../../../src/foundation/calendar/retention-period.ts';
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts';
import { createMetrics } from '../../../src/metrics/metrics.ts';
import { enterDecisions } from '../../../src/records/enter.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { pruneNow, startPruning } from '../../../src/service/upkeep/pruning.ts';
import { emptyLedgerUrl } from '../../ledger/ledgers.ts';
import { decision } from '../../records/builders.ts';
import { enter } from '../../records/journal/entries.ts';

const DAY_MS = 86_400_000;
const nowMs = Date.now();

/** A process on a ledger with records_keep of ten days. */
async function processOn(ledger: Ledger, id: string, startedAtMs: number) {
  const replica = createReplica(ledger, id, startedAtMs);
  await replica.beat(nowMs);
  const logged: unknown[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line) => logged.push(JSON.parse(line)) });
  const metrics = createMetrics();
  const settings = { recordsKeep: parseRetentionPeriod('10 days') };
  const clock = { aheadMs: () => 0 };
  const reportsTimeZone = () => 'America/Sao_Paulo';
  return { ledger, replica, metrics, log, settings, clock, reportsTimeZone, logged };
}

async function ledgerWith(daysAgo: readonly number[]): Promise<Ledger> {
  const ledger = await openLedger(await emptyLedgerUrl());
  onTestFinished(() => ledger.close());
  const decisions = daysAgo.map((days) => decision({ id: `${days}`, atMs: nowMs - days * DAY_MS }));
  await ledger.write((db) => enterDecisions(db, decisions));
  await sealNow(ledger, undefined, () => nowMs - 30 * DAY_MS);
  return ledger;
}

async function kept(ledger: Ledger): Promise<readonly string[]> {
  const rows = await ledger.read.selectFrom('decisions').select('id').orderBy('id').execute();
  return rows.map(({ id }) => id);
}

const running = { signal: new AbortController().signal, restMs: 1 };

test('only the eldest process prunes records older than records_keep, counts them and logs it', async () => {
  const ledger = await ledgerWith([1, 9, 12, 13]);
  const eldest = await processOn(ledger, 'eldest', nowMs - 2);
  const other = await processOn(ledger, 'other', nowMs - 1);

  await pruneNow(other, running);
  const before = await kept(ledger);
  await pruneNow(eldest, running);

  expect(before).toEqual(['1', '12', '13', '9']);
  expect(await kept(ledger)).toEqual(['1', '9']);
  expect(await eldest.metrics.registry.metrics()).toMatch(/^guardrail_records_pruned_total 2$/m);
  expect(other.logged).toEqual([]);
  expect(eldest.logged).toMatchObject([{ level: 30, days: 2, decisions: 2, settlements: 0 }]);
});

test('the sums of pruned days are under the dates of reports', async () => {
  const ledger = await ledgerWith([]);
  const midnightMs = startOfDay(
    new Date(nowMs - 12 * DAY_MS).toISOString().slice(0, 10),
    'America/Sao_Paulo',
  );
  await enter(ledger, { decision: { id: 'evening', at_ms: BigInt(midnightMs - 1) } });

  await pruneNow(await processOn(ledger, 'eldest', nowMs - 1), running);

  const sums = await ledger.read.selectFrom('spend_by_day').select('day').execute();
  expect(sums).toEqual([{ day: dayAt(midnightMs - 1, 'America/Sao_Paulo').day }]);
});

test('a round that found nothing to prune is dated all the same, and logs nothing', async () => {
  const ledger = await ledgerWith([1]);
  const eldest = await processOn(ledger, 'eldest', nowMs - 1);

  await pruneNow(eldest, running);

  const { values } = await eldest.metrics.recordsPrunedAt.get();
  expect(values[0]?.value).toBeGreaterThanOrEqual(nowMs / 1000);
  expect(values[0]?.value).toBeLessThan(nowMs / 1000 + 600);
  expect(eldest.logged).toEqual([]);
});

test('nothing is pruned if records are kept for ever', async () => {
  const ledger = await ledgerWith([4_000]);
  const parts = await processOn(ledger, 'one', nowMs);

  await pruneNow({ ...parts, settings: { recordsKeep: null } }, running);

  expect(await kept(ledger)).toEqual(['4000']);
});

test('nothing is pruned before the warehouse has shown that the clock is right, and the log says so', async () => {
  const ledger = await ledgerWith([12]);
  const parts = await processOn(ledger, 'one', nowMs);

  await pruneNow({ ...parts, clock: { aheadMs: () => null } }, running);

  expect(await kept(ledger)).toEqual(['12']);
  expect(parts.logged).toMatchObject([{ level: 30, msg: expect.stringContaining('nothing is pruned yet') }]);
});

test('nothing is pruned while the clock is far ahead of the warehouse, and the log says so', async () => {
  const ledger = await ledgerWith([12]);
  const parts = await processOn(ledger, 'one', nowMs);

  await pruneNow({ ...parts, clock: { aheadMs: () => 2 * 3_600_000 } }, running);
  const keptAhead = await kept(ledger);
  await pruneNow({ ...parts, clock: { aheadMs: () => 60_000 } }, running);

  expect(keptAhead).toEqual(['12']);
  expect(parts.logged).toMatchObject([
    { level: 50, aheadSeconds: 7200 },
    { level: 30, days: 1 },
  ]);
  expect(await kept(ledger)).toEqual([]);
});

test('a round of pruning that is stopped leaves the rest to the next', async () => {
  const ledger = await ledgerWith([12, 13]);
  const parts = await processOn(ledger, 'one', nowMs);
  const stopped = AbortSignal.abort();

  await expect(pruneNow(parts, { signal: stopped, restMs: 1 })).rejects.toThrow('aborted');
  const between = await kept(ledger);
  await pruneNow(parts, running);

  expect(between).toEqual(['12']);
  expect(await kept(ledger)).toEqual([]);
  expect(parts.logged).toMatchObject([{ level: 30, decisions: 1 }]);
});

test('a failure of the ledger while pruning is logged and counted, and the next round goes on', async () => {
  const ledger = await ledgerWith([12]);
  const parts = await processOn(ledger, 'one', nowMs);
  let isAway = true;
  const isEldest = () => (isAway ? Promise.reject(new Error('it is away')) : Promise.resolve(true));

  const stop = startPruning({ ...parts, replica: { isEldest } }, { firstAfterMs: 0, everyMs: 5, restMs: 1 });
  onTestFinished(stop);
  await vi.waitFor(() => expect(parts.logged).not.toEqual([]));
  isAway = false;
  await vi.waitFor(async () => expect(await kept(ledger)).toEqual([]));

  expect(parts.logged[0]).toMatchObject({ level: 50, err: { message: 'it is away' } });
  expect(await parts.metrics.registry.metrics()).toMatch(/ledger_errors_total\{operation="prune"\} [1-9]/);
});
