import { describe, expect, test } from 'vitest';
import { createBooks } from '../../../src/books/books.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { verifyRecords } from '../../../src/records/journal/verify.ts';
import { pruneRecords } from '../../../src/records/pruning/prune.ts';
import { spendBy } from '../../../src/records/spend/spend-by.ts';
import type { SpendKey } from '../../../src/records/spend/spend-query.ts';
import { admission, settled } from '../../books/builders.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { decision, estimateOf } from '../builders.ts';

const DAY_MS = 86_400_000;
const first = Date.UTC(2026, 8, 1);
const nowMs = Date.UTC(2026, 10, 25);

const QUIETLY = { nowMs, heads: new Map(), onFinding: () => undefined, onProgress: () => undefined };

/** Five queries on each of some days, over one table or two, and one that was refused. */
async function fill(ledger: Ledger, days: number): Promise<void> {
  const books = createBooks({ ledger });
  for (let day = 0; day < days; day += 1) {
    const atMs = first + day * DAY_MS + 3_600_000;
    await books.record(decision({ id: `refused-${day}`, atMs, outcome: 'refused' }));
    for (let n = 0; n < 5; n += 1) {
      const id = `${day}-${n}`;
      const tables = n % 2 === 0 ? ['tickets', 'messages'] : ['tickets'];
      const admitted = admission(id, { atMs });
      await books.admit({
        ...admitted,
        decision: { ...admitted.decision, atMs, estimate: estimateOf(tables) },
      });
      await books.settle(
        settled(id, BigInt(n), { admittedAtMs: atMs, atMs: atMs + 1000, jobId: `p:US.${id}` }),
      );
    }
  }
  await sealNow(ledger);
}

async function spendOf(ledger: Ledger) {
  const by: readonly (readonly SpendKey[])[] = [
    ['team'],
    ['person'],
    ['card'],
    ['fingerprint'],
    ['day'],
    ['table'],
  ];
  const sums = by.map((keys) =>
    spendBy(ledger.read, { by: keys, fromMs: first, toMs: nowMs, timeZone: 'UTC' }),
  );
  return Promise.all(sums);
}

/** A notice that one webhook is done with. */
async function enterNotice(
  ledger: Ledger,
  id: string,
  { atMs, deliveredAtMs }: { readonly atMs: number; readonly deliveredAtMs: number | null },
): Promise<void> {
  const notice = {
    id,
    budget: 'b',
    account: '',
    window_key: id,
    unit: 'bytes',
    threshold: 80n,
    at_ms: BigInt(atMs),
    content: '{}',
    told_at_ms: deliveredAtMs === null ? null : BigInt(deliveredAtMs),
  };
  const delivery = { notice_id: id, webhook: 'slack', outcome: 'told', problem: null, at_ms: BigInt(atMs) };
  await ledger.write(async (db) => {
    await db.insertInto('notices').values(notice).execute();
    await db.insertInto('notice_deliveries').values(delivery).execute();
  });
}

async function decisionsIn(ledger: Ledger): Promise<number> {
  return (await ledger.read.selectFrom('decisions').select('id').execute()).length;
}

describe('pruning', () => {
  test('removes whole days, keeps their sums, and leaves the books intact', async () => {
    const ledger = await freshLedger();
    await fill(ledger, 6);
    const before = await spendOf(ledger);

    const pruned = await pruneRecords(ledger, { beforeMs: first + 4.5 * DAY_MS, nowMs });
    await sealNow(ledger);

    expect(pruned).toEqual({ days: 4, decisions: 24, settlements: 20, waitsFor: null });
    expect(await decisionsIn(ledger)).toBe(12);
    expect(await spendOf(ledger)).toEqual(before);
    expect(await verifyRecords(ledger.read, QUIETLY)).toMatchObject({ findings: 0 });
  });

  test('keeps sums under the dates of reports, so that a closed day or month stays what it was', async () => {
    const ledger = await freshLedger();
    await fill(ledger, 6);
    const timeZone = 'America/Sao_Paulo';
    const byDay = () => spendBy(ledger.read, { by: ['day', 'team'], fromMs: 0, toMs: nowMs, timeZone });
    const before = await byDay();

    await pruneRecords(ledger, { beforeMs: first + 4.5 * DAY_MS, nowMs, timeZone });

    expect(before.map(({ keys: [day] }) => day)).toContain('2026-08-31');
    expect(await byDay()).toEqual(before);
  });

  test('finds nothing left to remove the second time', async () => {
    const ledger = await freshLedger();
    await fill(ledger, 3);
    await pruneRecords(ledger, { beforeMs: first + 2 * DAY_MS, nowMs });

    const again = await pruneRecords(ledger, { beforeMs: first + 2 * DAY_MS, nowMs });

    expect(again).toEqual({ days: 0, decisions: 0, settlements: 0, waitsFor: null });
  });

  test('waits for a day that still has an unsettled query', async () => {
    const ledger = await freshLedger();
    await fill(ledger, 3);
    const atMs = first + DAY_MS + 7_200_000;
    const open = admission('open', { atMs });
    await createBooks({ ledger }).admit({ ...open, decision: { ...open.decision, atMs } });

    const pruned = await pruneRecords(ledger, { beforeMs: nowMs, nowMs });

    expect(pruned).toMatchObject({ days: 1, decisions: 6, waitsFor: '2026-09-02' });
    expect(await decisionsIn(ledger)).toBe(13);
  });

  test('removes delivered notices once no budget window can refer to them', async () => {
    const ledger = await freshLedger();
    await fill(ledger, 2);
    const beforeMs = first + 2 * DAY_MS;
    await enterNotice(ledger, 'old', { atMs: beforeMs - 31 * DAY_MS - 1, deliveredAtMs: beforeMs });
    await enterNotice(ledger, 'undelivered', { atMs: beforeMs - 31 * DAY_MS - 1, deliveredAtMs: null });
    await enterNotice(ledger, 'of this month', { atMs: beforeMs - 31 * DAY_MS, deliveredAtMs: beforeMs });

    await pruneRecords(ledger, { beforeMs, nowMs });

    const notices = await ledger.read.selectFrom('notices').select('id').orderBy('id').execute();
    const deliveries = await ledger.read.selectFrom('notice_deliveries').select('notice_id').execute();
    expect(notices).toEqual([{ id: 'of this month' }, { id: 'undelivered' }]);
    expect(deliveries.map(({ notice_id }) => notice_id).toSorted()).toEqual(['of this month', 'undelivered']);
  });

  test('removes the rewrites that were offered for the decisions it removes', async () => {
    const ledger = await freshLedger();
    await fill(ledger, 2);
    const offered = { position: 0n, fingerprint: 'f', content: '{}' };
    const rewrites = ['refused-0', 'refused-1'].map((decision_id) => ({ decision_id, ...offered }));
    await ledger.write((db) => db.insertInto('rewrites').values(rewrites).execute());

    await pruneRecords(ledger, { beforeMs: first + DAY_MS, nowMs });

    const left = await ledger.read.selectFrom('rewrites').select('decision_id').execute();
    expect(left).toEqual([{ decision_id: 'refused-1' }]);
  });

  test('only counts when it is asked for a preview', async () => {
    const ledger = await freshLedger();
    await fill(ledger, 2);

    const would = await pruneRecords(ledger, { beforeMs: nowMs, nowMs, dryRun: true });

    expect(would).toMatchObject({ days: 2, decisions: 12, settlements: 10 });
    expect(await decisionsIn(ledger)).toBe(12);
  });
});
