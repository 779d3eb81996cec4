import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { atOnce, budget, bytesLimit, covering, spend } from '../budget/builders.ts';
import { freshLedger } from '../ledger/ledgers.ts';
import { decision } from '../records/builders.ts';
import { admission, assumed, booksOn, freshBooks, microPerByte, settled } from './builders.ts';

describe('entries written in one batch', () => {
  test('never reserve more than the limit', async () => {
    const { books, stands, journal } = await freshBooks();
    const decisions = Array.from({ length: 50 }, (_, i) => admission(`q${i}`, { spend: spend(70n) }));

    const outcomes = await Promise.all(decisions.map(books.admit));

    expect(outcomes.filter(({ reserved }) => reserved)).toHaveLength(14);
    expect(await stands()).toEqual({ used: 0n, reserved: 980n });
    expect(await journal()).toHaveLength(14);
  });

  test('take one transaction, however many budgets each of them covers', async () => {
    const { ledger, transactions } = countingTransactions(await freshLedger());
    const { books, journal } = booksOn(ledger);
    const forty = Array.from({ length: 40 }, (_, i) =>
      budget({ name: `budget-${i}`, limit: bytesLimit(1280n) }),
    );
    // An account per query, so that rows of each budget are read and locked for each query.
    const coverages = (account: string) => forty.map((one) => ({ budget: one, account }));
    const decisions = Array.from({ length: 128 }, (_, i) =>
      admission(`q${i}`, { coverages: coverages(`person-${i}`) }),
    );

    const outcomes = await Promise.all(decisions.map(books.admit));

    expect(outcomes.filter(({ reserved }) => reserved)).toHaveLength(128);
    expect(transactions()).toBe(1);
    expect(await journal()).toHaveLength(128);
    expect(await ledger.read.selectFrom('reservation_parts').select('budget').execute()).toHaveLength(
      128 * 40,
    );
  });

  test('take one transaction for all kinds of entries together', async () => {
    const { ledger, transactions } = countingTransactions(await freshLedger());
    const { books, journal } = booksOn(ledger);
    await Promise.all(['a', 'b'].map((id) => books.admit(admission(id))));
    const before = transactions();

    await Promise.all([
      books.settle(settled('a')),
      books.admit(admission('c')),
      books.settle(assumed('b')),
      books.admit(admission('d')),
      books.record(decision({ id: 'e', outcome: 'refused' })),
    ]);

    expect(transactions() - before).toBe(1);
    expect(await journal()).toHaveLength(7);
  });

  test('write a decision with its reservation, and nothing of a refused request', async () => {
    const { books, records, journal, ledger } = await freshBooks();

    const [, refused] = await Promise.all([
      books.admit(admission('a', { spend: spend(600n) })),
      books.admit(admission('b', { spend: spend(600n) })),
    ]);

    expect(refused).toMatchObject({ reserved: false, asked: 600n, balance: { reserved: 600n } });
    expect(await records.get('a')).toMatchObject({ id: 'a', settlement: null });
    expect(await records.get('b')).toBeNull();
    expect(await journal()).toEqual(['decision a']);
    expect(await ledger.read.selectFrom('reservations').select('decision_id').execute()).toEqual([
      { decision_id: 'a' },
    ]);
  });

  test('settle first, so that what a settlement frees can be reserved in the same batch', async () => {
    const { books, stands } = await freshBooks();
    const place = covering(budget(), atOnce(1n));
    await books.admit(admission('a', { spend: spend(1000n), coverages: place }));

    const [next] = await Promise.all([
      books.admit(admission('b', { spend: spend(900n), coverages: place })),
      books.settle(settled('a', 100n)),
    ]);

    expect(next.reserved).toBe(true);
    expect(await stands()).toEqual({ used: 100n, reserved: 900n });
    expect(await stands(atOnce(1n))).toEqual({ used: 0n, reserved: 1n });
  });

  test('include refused and failed decisions, each written once', async () => {
    const { books, records, journal } = await freshBooks();
    const refused = decision({ id: 'r', outcome: 'refused', cause: 'sem-particao' });

    await Promise.all([
      books.record(refused),
      books.record(decision({ id: 'r', sql: 'SELECT 2' })),
      books.admit(admission('a')),
      books.record(decision({ id: 'a', sql: 'SELECT 2' })),
    ]);

    expect(await records.get('r')).toEqual({ ...refused, settlement: null });
    expect((await records.get('a'))?.sql).toBe(decision().sql);
    expect(await journal()).toEqual(['decision a', 'decision r']);
  });

  test('count a decision once when it asks several times', async () => {
    const { books, stands } = await freshBooks();

    const outcomes = await Promise.all(
      [1, 2, 3].map(() => books.admit(admission('a', { spend: spend(600n) }))),
    );

    expect(outcomes.map(({ reserved }) => reserved)).toEqual([true, true, true]);
    expect(await stands()).toEqual({ used: 0n, reserved: 600n });
  });

  test('keep the order of the assumed, known and reconciled settlements of one decision', async () => {
    const { books, stands, journal } = await freshBooks();
    await books.admit(admission('a'));

    const results = await Promise.all([
      books.settle(assumed('a')),
      books.settle(settled('a', 7n)),
      books.settle(settled('a', 8n, { source: 'reconciled' })),
      books.settle(settled('a', 9n)),
    ]);

    expect(results.map(({ cost }) => cost.micros)).toEqual([10n, 7n, 8n, 8n]);
    expect(await stands()).toEqual({ used: 8n, reserved: 0n });
    expect(await journal()).toEqual(['decision a', 'settlement a/0', 'settlement a/1', 'settlement a/2']);
  });

  test('replace the free bytes of a settlement by those of its correction', async () => {
    const { books } = await freshBooks();
    const price = { tariff: microPerByte, freeBytesPerMonth: 10n };

    const [seen, corrected] = await Promise.all([
      books.settle(settled('a', 6n, { price })),
      books.settle(settled('a', 7n, { price, source: 'reconciled' })),
    ]);
    const next = await books.settle(settled('b', 5n, { price }));

    expect([seen, corrected, next].map(({ freeBytes }) => freeBytes)).toEqual([6n, 7n, 3n]);
  });
});

/** A ledger that counts what is written to it: a batch that fails is tried again in halves. */
function countingTransactions(ledger: Ledger): {
  readonly ledger: Ledger;
  readonly transactions: () => number;
} {
  let count = 0;
  return {
    ledger: {
      ...ledger,
      write(work) {
        count += 1;
        return ledger.write(work);
      },
    },
    transactions: () => count,
  };
}
