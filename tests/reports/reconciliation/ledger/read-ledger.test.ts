import { expect, test } from 'vitest';
import { enterDecisions } from '../../../../src/records/enter.ts';
import { readLedger } from '../../../../src/reports/reconciliation/ledger/read-ledger.ts';
import { NO_SQL, readingWithoutSql } from '../../../../src/vocabulary/reading.ts';
import { freshLedger } from '../../../ledger/ledgers.ts';
import { admit, decision, reconciled } from '../with-books.ts';

test('every decision of a period is read once, in order, even if one instant has more than a page of them', async () => {
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

test('decisions on jobs without SQL are left out, as their jobs are', async () => {
  const ledger = await freshLedger();
  const { books } = reconciled(ledger);
  const { atMs } = decision();
  await admit(books, { id: 'query' });
  await books.record(
    decision({
      id: 'load',
      sql: '',
      estimate: null,
      reading: readingWithoutSql(NO_SQL, { statement: 'LOAD', fingerprint: 'LOAD' }),
    }),
  );

  const entries = await readLedger(ledger.read, { fromMs: atMs, toMs: atMs + 1 });

  expect(entries.map(({ decisionId }) => decisionId)).toEqual(['query']);
});
