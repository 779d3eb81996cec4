import { writeFile } from 'node:fs/promises';
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

/** @param line what the spool was left with */
async function started(line = '') {
  const logged: unknown[] = [];
  const log = pino({ base: null, timestamp: false }, { write: (line) => logged.push(JSON.parse(line)) });
  const metrics = createMetrics();
  const path = join(await temporaryFolder(), 'spool');
  await writeFile(path, line);
  const spool = await openSpool(path);
  onTestFinished(() => spool.close());
  const books = resilientBooks(await freshLedger(), spool, {
    settings: await loadSettings({}),
    log,
    metrics,
  });
  const errors = async () =>
    (await metrics.ledgerErrors.get()).values.map(({ labels, value }) => [labels['operation'], value]);
  return { books, spool, logged, metrics, errors };
}

const inOtherCurrency = { price: { known: { currency: 'EUR', micros: 1n } } };

test('a batch of entries that is written in halves is counted and logged, and only what is wrong in it fails', async () => {
  const { books, logged, metrics } = await started();
  for (const id of ['a', 'b', 'c']) await books.admit(admission(id, { coverages: covering(budget()) }));

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

test('an entry of the spool that the ledger rejects is counted, and logged by its decision', async () => {
  const { books, spool, logged, errors } = await started();
  await books.admit(admission('a'));
  await spool.append({ kind: 'settlement', settlement: settled('a', 10n, inOtherCurrency) });

  await books.catchUp();

  expect(await errors()).toEqual([['catch up', 1]]);
  expect(logged).toMatchObject([
    { level: 50, decision: 'a', entry: 'settlement', msg: expect.stringContaining('was not taken') },
  ]);
});

test('lines of the spool that cannot be read are counted, and logged with the file that keeps them', async () => {
  const { books, logged, errors } = await started('\n\nneither of these\n\ncan be read\n\n');

  await books.catchUp();

  expect(await errors()).toEqual([['catch up', 2]]);
  expect(logged).toMatchObject([{ level: 50, lines: 2, file: expect.stringContaining('spool') }]);
});
