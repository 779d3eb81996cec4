import { expect, test } from 'vitest';
import { projectsAndLocationsIn } from '../../../../src/reports/reconciliation/ledger/projects-and-locations.ts';
import { freshLedger } from '../../../ledger/ledgers.ts';
import { options } from '../builders.ts';
import { admit, decision, reconciled } from '../with-books.ts';

test('the projects and locations of a span are those in which its decisions ran', async () => {
  const ledger = await freshLedger();
  const { books } = reconciled(ledger);
  await admit(books, { id: 'a' });
  const estimate = decision().estimate;
  if (estimate === null) throw new Error('the builder estimates');
  await admit(books, {
    id: 'b',
    projectId: 'other',
    estimate: { ...estimate, location: 'SouthAmerica-East1' },
  });

  expect(await projectsAndLocationsIn(ledger.read, options().span)).toEqual({
    projects: ['guardrail-demo', 'other'],
    locations: ['US', 'southamerica-east1'],
  });
});
