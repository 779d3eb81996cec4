import { expect, test } from 'vitest';
import { enterInJournal } from '../../../src/records/journal/journal.ts';
import {
  keepReconciliation,
  latestReconciliation,
  reconciliationOf,
} from '../../../src/reports/reconciliation/kept-reconciliations.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { job, options } from './builders.ts';
import { admit, reconciled, settle } from './with-books.ts';

const journal: Parameters<typeof keepReconciliation>[2] = (db, row) =>
  enterInJournal(db, [{ kind: 'reconciliation', row }]);

test('the last reconciliation is read back as stored, and each one is entered in the journal', async () => {
  const ledger = await freshLedger();
  const { books, report } = reconciled(ledger);
  await admit(books);
  await settle(books, { jobId: 'guardrail-demo:US.gone' });
  const about = { ...options().span, corrections: 0, reason: null, writtenBy: null };

  expect(await latestReconciliation(ledger.read)).toBeNull();
  await keepReconciliation(
    ledger,
    reconciliationOf(await report([]), { ...about, id: 'r-9', atMs: 1 }),
    journal,
  );
  const found = await report([job({ bytesBilled: 7n })]);
  await keepReconciliation(
    ledger,
    reconciliationOf(found, {
      ...about,
      id: 'r-10',
      atMs: 2,
      corrections: 2,
      reason: 'nightly',
      writtenBy: 'ana',
    }),
    journal,
  );

  expect(await latestReconciliation(ledger.read)).toEqual({
    ...about,
    id: 'r-10',
    atMs: 2,
    balanced: false,
    ledgerBytes: 100n,
    warehouseBytes: 7n,
    unguardedJobs: 1,
    unguardedBytes: 7n,
    missingJobs: 1,
    missingBytes: 100n,
    corrections: 2,
    reason: 'nightly',
    writtenBy: 'ana',
  });
  const entries = await ledger.read
    .selectFrom('journal')
    .select('id')
    .where('kind', '=', 'reconciliation')
    .execute();
  expect(entries.map(({ id }) => id).toSorted()).toEqual(['r-10', 'r-9']);
});

test('a reconciliation that found nothing is read back as balanced', async () => {
  const ledger = await freshLedger();
  const { report } = reconciled(ledger);
  const about = { id: 'r-1', atMs: 1, ...options().span, corrections: 0, reason: null, writtenBy: null };

  await keepReconciliation(ledger, reconciliationOf(await report([]), about), journal);

  expect((await latestReconciliation(ledger.read))?.balanced).toBe(true);
});
