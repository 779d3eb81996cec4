import { expect, test } from 'vitest';
import { enterDecisions, enterSettlements } from '../../../src/records/enter.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { pruneRecords } from '../../../src/records/pruning/prune.ts';
import { spendBy } from '../../../src/records/spend/spend-by.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { decision, estimateOf, settlement } from '../builders.ts';
import { verified } from '../journal/journal-builders.ts';

const day1 = Date.UTC(2026, 9, 1, 12);
const opts = { beforeMs: Date.UTC(2026, 9, 5), nowMs: Date.UTC(2026, 9, 6) };

test('a settlement without a recorded decision is pruned with its day, and the books stay intact', async () => {
  const ledger = await freshLedger();
  await ledger.write(async (db) => {
    await enterDecisions(db, [decision({ id: 'a', atMs: day1 })]);
    await enterSettlements(db, [
      {
        settlement: settlement({ decisionId: 'a', atMs: day1 }),
        version: 1n,
        admittedAtMs: day1,
        tariff: null,
      },
      {
        settlement: settlement({ decisionId: 'lost', atMs: day1 }),
        version: 1n,
        admittedAtMs: day1,
        tariff: null,
      },
    ]);
  });
  await sealNow(ledger);
  await pruneRecords(ledger, opts);
  expect((await verified(ledger)).all).toEqual([]);
});

test('spend has the same keys before and after pruning, even for queries that guardrail never read', async () => {
  const ledger = await freshLedger();
  await ledger.write(async (db) => {
    await enterDecisions(db, [
      decision({
        id: 'a',
        atMs: day1,
        outcome: 'unguarded',
        reading: { ...decision().reading, fingerprint: '' },
      }),
    ]);
    await enterSettlements(db, [
      {
        settlement: settlement({ decisionId: 'a', atMs: day1 }),
        version: 1n,
        admittedAtMs: day1,
        tariff: null,
      },
    ]);
  });
  const q = { by: ['fingerprint'], fromMs: 0, toMs: Date.UTC(2027, 0) } as const;
  const before = await spendBy(ledger.read, q);
  await pruneRecords(ledger, opts);
  expect(await spendBy(ledger.read, q)).toEqual(before);
});

test('a pruning that resumes after an interruption is entered once', async () => {
  const ledger = await freshLedger();
  await ledger.write(async (db) => {
    await enterDecisions(
      db,
      Array.from({ length: 600 }, (_, i) => decision({ id: `d${i}`, atMs: day1 + i })),
    );
  });
  await sealNow(ledger);
  let n = 0;
  await pruneRecords(ledger, {
    ...opts,
    onStep: () => {
      if (++n === 1) throw new Error('kill');
    },
  }).catch(() => undefined);
  await pruneRecords(ledger, opts);
  const v = await verified(ledger);
  expect(v.all).toEqual([]);
  expect(v.prunings.reduce((s, p) => s + p.decisions, 0)).toBe(600);
});

test('queries over more tables than fit one statement are pruned, and the spend per table is kept', async () => {
  const ledger = await freshLedger();
  const query = { by: ['table'], fromMs: 0, toMs: Date.UTC(2027, 0) } as const;
  const ids = ['a', 'b', 'c', 'd'];
  await ledger.write(async (db) => {
    await enterDecisions(
      db,
      ids.map((id) => {
        const tables = Array.from({ length: 1_000 }, (_, i) => `${id}_${i}`);
        return decision({ id, atMs: day1, estimate: estimateOf(tables) });
      }),
    );
    await enterSettlements(
      db,
      ids.map((id) => ({
        settlement: settlement({ decisionId: id, atMs: day1 }),
        version: 1n,
        admittedAtMs: day1,
        tariff: null,
      })),
    );
  });
  const before = await spendBy(ledger.read, query);

  await pruneRecords(ledger, opts);

  expect(before).toHaveLength(4_000);
  expect(await spendBy(ledger.read, query)).toEqual(before);
});
