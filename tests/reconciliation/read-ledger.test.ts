import { expect, test } from 'vitest';
import { readLedger } from '../../src/reconciliation/read-ledger.ts';
import { enterDecisions } from '../../src/records/enter.ts';
import { freshLedger } from '../ledger/ledgers.ts';
import { decision } from '../records/builders.ts';

test('every decision of a span is read once, in order, also where more than a page are of one instant', async () => {
  const ledger = await freshLedger();
  const { atMs } = decision();
  const made = Array.from({ length: 2_200 }, (_, i) =>
    decision({ id: `d-${String(i).padStart(4, '0')}`, atMs: atMs + Math.floor(i / 1_100) }),
  );
  const around = [decision({ id: 'before', atMs: atMs - 1 }), decision({ id: 'after', atMs: atMs + 2 })];
  for (const some of [around, made.slice(0, 1_000), made.slice(1_000, 2_000), made.slice(2_000)]) {
    await ledger.write((db) => enterDecisions(db, some));
  }

  const entries = await readLedger(ledger.read, { fromMs: atMs, toMs: atMs + 2 });

  expect(entries.map(({ decisionId }) => decisionId)).toEqual(made.map(({ id }) => id));
});
