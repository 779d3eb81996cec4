import { describe, expect, test } from 'vitest';
import { MAX_AMOUNT } from '../../src/vocabulary/max-amount.ts';
import { budget, bytesLimit, covering, spend } from '../budget/builders.ts';
import { decision } from '../records/builders.ts';
import { admission, freshBooks, microPerByte, notRun, settled } from './builders.ts';

const inEuros = { known: { currency: 'EUR', micros: 7n } };

describe('an entry that cannot be written', () => {
  test('fails alone while the others are written', async () => {
    const { books, stands, journal } = await freshBooks();
    await books.admit(admission('a'));

    const results = await Promise.allSettled([
      books.admit(admission('b', { spend: { ...spend(1n), cost: { currency: 'EUR', micros: 1n } } })),
      books.admit(admission('c')),
      books.record(decision({ id: 'd', maximumBytesBilled: MAX_AMOUNT + 1n })),
      books.settle(settled('a', 7n)),
      books.settle(settled('e', -1n)),
      books.record(decision({ id: 'f' })),
    ]);

    expect(results.map(({ status }) => status)).toEqual([
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(await stands()).toEqual({ used: 7n, reserved: 10n });
    expect(await journal()).toEqual(['decision a', 'decision c', 'decision f', 'settlement a/1']);
  });

  test('does not keep another settlement of the same decision from being written', async () => {
    const { books, stands, journal } = await freshBooks();
    await books.admit(admission('a'));

    const [first, second] = await Promise.allSettled([
      books.settle(settled('a', 7n, { price: inEuros })),
      books.settle(settled('a', 8n)),
    ]);

    expect(first).toMatchObject({ status: 'rejected', reason: { kind: 'wrong currency' } });
    expect(second).toMatchObject({ status: 'fulfilled', value: { bytesBilled: 8n, cost: { micros: 8n } } });
    expect(await stands()).toEqual({ used: 8n, reserved: 0n });
    expect(await journal()).toEqual(['decision a', 'settlement a/1']);
  });

  test('does not keep another decision from being charged for the same job', async () => {
    const { books, stands } = await freshBooks();
    const huge = budget({ name: 'enorme', limit: bytesLimit(MAX_AMOUNT) });
    await books.admit(admission('full', { coverages: covering(huge) }));
    await books.settle(settled('full', MAX_AMOUNT, { price: { known: { currency: 'USD', micros: 1n } } }));
    await books.admit(admission('a', { coverages: covering(huge), spend: spend(0n) }));
    await books.admit(admission('b'));
    const job = { jobId: 'guardrail-demo:US.one' };

    const [first, second] = await Promise.allSettled([
      books.settle(settled('a', 7n, job)),
      books.settle(settled('b', 7n, job)),
    ]);

    expect(first).toMatchObject({ status: 'rejected', reason: { kind: 'amount out of range' } });
    expect(second).toMatchObject({ status: 'fulfilled', value: { bytesBilled: 7n, source: 'response' } });
    expect(await stands()).toEqual({ used: 7n, reserved: 0n });
  });

  test('leaves its reservation open when its amount is out of range', async () => {
    const { books, budgets, journal } = await freshBooks();
    await books.admit(admission('a', { coverages: [] }));
    const price = { tariff: microPerByte, freeBytesPerMonth: 10n };

    await expect(books.settle(settled('a', -1n, { price }))).rejects.toMatchObject({
      kind: 'amount out of range',
    });
    expect(await budgets.expired(Number.MAX_SAFE_INTEGER, 10)).toMatchObject([{ decisionId: 'a' }]);
    expect(await journal()).toEqual(['decision a']);
  });

  test('leaves a decision unchanged when it asks for something else or is already settled', async () => {
    const { books, records, stands } = await freshBooks();
    await books.admit(admission('a'));

    const other = admission('a', { spend: spend(11n) });

    await expect(books.admit(other)).rejects.toMatchObject({ kind: 'reserved otherwise' });
    await books.settle(notRun('a'));
    await expect(books.admit(admission('a'))).rejects.toThrow(/is settled already/);
    expect(await records.get('a')).toMatchObject({ id: 'a' });
    expect(await stands()).toEqual({ used: 0n, reserved: 0n });
  });
});

describe('books whose database fails', () => {
  test('reject everything asked for and keep nothing of it', async () => {
    const { books, ledger } = await freshBooks();
    const pending = [
      books.admit(admission('a')),
      books.settle(settled('b')),
      books.record(decision({ id: 'c' })),
    ];
    // Closing waits for writes that have begun: these begin when it has closed.
    await ledger.close();

    const ended = await Promise.allSettled(pending);
    await books.drained();

    expect(ended.map((one) => one.status === 'rejected' && one.reason)).toEqual(
      Array(3).fill(expect.objectContaining({ name: 'LedgerError', kind: 'closed' })),
    );
  });
});
