import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { openSpool } from '../../src/books/outage/spool.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { resilientBooks } from '../../src/service/ledger-parts.ts';
import { loadSettings } from '../../src/settings/load.ts';
import { admission, settled } from '../books/builders.ts';
import { budget, covering } from '../budget/builders.ts';
import { freshLedger } from '../ledger/ledgers.ts';
import { temporaryFolder } from '../temporary-folder.ts';

async function started() {
  const logged: unknown[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line) => logged.push(JSON.parse(line)) });
  const metrics = createMetrics();
  const spool = await openSpool(join(await temporaryFolder(), 'spool'));
  onTestFinished(() => spool.close());
  const books = resilientBooks(await freshLedger(), spool, {
    settings: await loadSettings({}),
    log,
    metrics,
  });
  return { books, logged, metrics };
}

test('a batch of entries that is written in halves is counted and logged, and only what is wrong in it fails', async () => {
  const { books, logged, metrics } = await started();
  for (const id of ['a', 'b', 'c']) await books.admit(admission(id, { coverages: covering(budget()) }));
  const inOtherCurrency = { price: { known: { currency: 'EUR', micros: 1n } } };

  const outcomes = await Promise.allSettled([
    books.settle(settled('a')),
    books.settle(settled('b', 10n, inOtherCurrency)),
    books.settle(settled('c')),
  ]);

  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect((await metrics.ledgerBatchesSplit.get()).values).toMatchObject([{ value: 1 }]);
  expect(logged).toMatchObject([
    { level: 40, entries: 3, err: { type: 'BudgetError' }, msg: expect.stringContaining('in halves') },
  ]);
});
