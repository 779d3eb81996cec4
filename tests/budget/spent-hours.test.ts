import { expect, test } from 'vitest';
import { spentHours } from '../../src/budget/spent-hours.ts';
import { admission, booksOn, settled } from '../books/builders.ts';
import { freshLedger } from '../ledger/ledgers.ts';
import { budget, covering, HOUR_MS, noon } from './builders.ts';

test('the hourly amounts of a budget add up to what it has used and reserved', async () => {
  const { books, ledger, stands } = booksOn(await freshLedger());
  const of = budget();
  const admitted = (id: string, atMs: number) =>
    books.admit(admission(id, { atMs, coverages: covering(of) }));
  await admitted('a', noon);
  await admitted('b', noon + 1);
  await admitted('c', noon + HOUR_MS);
  await books.settle(settled('a', 3n, { admittedAtMs: noon }));

  const hours = await spentHours(ledger.read, { fromMs: noon, toMs: noon + 2 * HOUR_MS });

  expect(hours.map(({ hourMs }) => hourMs)).toEqual([noon, noon + HOUR_MS]);
  const { used = 0n, reserved = 0n } = await stands(of, noon + HOUR_MS);
  expect(hours.reduce((sum, { amount }) => sum + amount, 0n)).toBe(used + reserved);
});

test('a span that begins and ends within an hour has only what was admitted in it', async () => {
  const { books, ledger, stands } = booksOn(await freshLedger());
  const span = { fromMs: noon + HOUR_MS / 2, toMs: noon + 1.5 * HOUR_MS };
  for (const atMs of [span.fromMs - 1, span.fromMs, span.toMs - 1, span.toMs]) {
    await books.admit(admission(`at ${atMs}`, { atMs, coverages: covering(budget()) }));
  }

  const hours = await spentHours(ledger.read, span);

  const { reserved = 0n } = await stands(budget(), span.toMs);
  expect(hours).toMatchObject([
    { hourMs: noon, amount: reserved / 4n },
    { hourMs: noon + HOUR_MS, amount: reserved / 4n },
  ]);
});

test('hourly amounts leave out budgets kept per person', async () => {
  const { books, ledger } = booksOn(await freshLedger());
  const of = budget({ per: 'person' });
  await books.admit(admission('a', { atMs: noon, coverages: [{ budget: of, account: 'metabase:1' }] }));

  expect(await spentHours(ledger.read, { fromMs: noon, toMs: noon + HOUR_MS })).toEqual([]);
});

test('a span of some weeks counts each query once', async () => {
  const { books, ledger, stands } = booksOn(await freshLedger());
  const of = budget({ window: 'month' });
  const DAY_MS = 24 * HOUR_MS;
  const days = [-14, -8, -7, -1, 0];
  for (const day of days) {
    const atMs = noon + day * DAY_MS;
    await books.admit(admission(`day ${day}`, { atMs, coverages: covering(of) }));
  }

  const hours = await spentHours(ledger.read, { fromMs: noon - 14 * DAY_MS, toMs: noon + 1 });

  expect(hours.map(({ hourMs }) => hourMs)).toEqual(days.map((day) => noon + day * DAY_MS));
  const { reserved = 0n } = await stands(of, noon);
  expect(hours.reduce((sum, { amount }) => sum + amount, 0n)).toBe(reserved);
});
