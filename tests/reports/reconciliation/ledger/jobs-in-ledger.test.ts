import { expect, test } from 'vitest';
import { jobsInLedger } from '../../../../src/reports/reconciliation/ledger/jobs-in-ledger.ts';
import { freshLedger } from '../../../ledger/ledgers.ts';
import { job } from '../builders.ts';
import { admit, reconciled, settle } from '../with-books.ts';

test('a job is in the ledger by its label, by any settlement that names it, or by the decision entered for it', async () => {
  const ledger = await freshLedger();
  const { books, correct } = reconciled(ledger);
  await admit(books, { id: 'labelled' });
  await admit(books, { id: 'settled' });
  await settle(books, { decisionId: 'settled', jobId: 'guardrail-demo:US.corrected' });
  await settle(books, { decisionId: 'settled', jobId: null, bytesBilled: 0n, source: 'reconciled' });
  await admit(books, { id: 'without a location' });
  await settle(books, { decisionId: 'without a location', jobId: 'guardrail-demo:somewhere' });
  await correct([job({ jobId: 'hidden', bytesBilled: null })]);
  const jobs = [
    job({ jobId: 'by-label', labelledDecision: 'labelled' }),
    job({ jobId: 'corrected' }),
    job({ jobId: 'somewhere' }),
    job({ jobId: 'hidden' }),
    job({ jobId: 'stranger', labelledDecision: 'nothing' }),
    job({ jobId: 'corrected', location: 'EU' }),
  ];

  const inLedger = await jobsInLedger(ledger.read, jobs);

  expect(inLedger.map(({ jobId }) => jobId)).toEqual(['by-label', 'corrected', 'somewhere', 'hidden']);
});
