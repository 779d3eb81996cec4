import { describe, expect, test } from 'vitest';
import { MAX_AMOUNT } from '../../../src/vocabulary/max-amount.ts';
import { charge, freshBook } from '../account-book.ts';
import { brlLimit, budget, bytesLimit, covering, noon, pricing, request, spend } from '../builders.ts';

const midnight = Date.parse('2026-11-25T03:00:00Z');

describe('charging', () => {
  test('replaces the amount reserved by the amount billed', async () => {
    const book = await freshBook();
    await book.reserve(request({ spend: spend(600n) }));

    const outcome = await book.charge(charge('a', spend(250n)));

    expect(outcome).toMatchObject({ cost: { currency: 'USD', micros: 250n } });
    expect(await book.stands()).toEqual({ used: 250n, reserved: 0n });
  });

  test('replaces an earlier charge', async () => {
    const book = await freshBook();
    await book.reserve(request({ spend: spend(600n) }));

    await book.charge(charge('a', spend(250n)));
    await book.charge(charge('a', spend(300n)));

    expect(await book.stands()).toEqual({ used: 300n, reserved: 0n });
  });

  test('falls into the window in which the query was admitted', async () => {
    const book = await freshBook();
    await book.reserve(request({ atMs: midnight - 1 }));

    await book.charge(charge('a', spend(10n), { atMs: midnight + 1 }));

    expect(await book.stands(budget(), midnight - 1)).toEqual({ used: 10n, reserved: 0n });
    expect(await book.stands(budget(), midnight)).toEqual({ used: 0n, reserved: 0n });
  });

  test('uses the exchange rate at admission', async () => {
    const book = await freshBook();
    const inReais = budget({ limit: brlLimit(54n) });
    await book.reserve(request({ coverages: covering(inReais) }));
    const dearer = {
      ...pricing,
      exchangeRates: [{ to: 'BRL', microsPerUnit: 6_000_000n, asOf: '2026-11-25' }],
    };
    const other = budget({ name: 'outro', limit: brlLimit(60n) });
    await book.reserve(request({ decisionId: 'b', coverages: covering(other), pricing: dearer }));

    await book.charge(charge('a'));
    await book.charge(charge('b'));

    expect(await book.stands(inReais)).toEqual({ used: 54n, reserved: 0n });
    expect(await book.stands(other)).toEqual({ used: 60n, reserved: 0n });
  });

  test('records the whole bill when it exceeds the reservation', async () => {
    const book = await freshBook();
    await book.reserve(request());

    await book.charge(charge('a', spend(5000n)));

    expect(await book.stands()).toEqual({ used: 5000n, reserved: 0n });
  });

  test('prices a query without a reservation, and takes nothing from any budget', async () => {
    const book = await freshBook();

    const outcome = await book.charge(charge('a', spend(1n)));

    expect(outcome).toEqual({ cost: { currency: 'USD', micros: 1n }, freeBytes: 0n });
    expect(await book.stands()).toEqual({ used: 0n, reserved: 0n });
  });

  test('rejects a currency other than that of the admission, and leaves the reservation', async () => {
    const book = await freshBook();
    await book.reserve(request());
    const inEuros = { ...spend(1n), cost: { currency: 'EUR', micros: 1n } };

    await expect(book.charge(charge('a', inEuros))).rejects.toMatchObject({ kind: 'wrong currency' });
    expect(await book.stands()).toEqual({ used: 0n, reserved: 10n });
    expect(await book.expired(noon + 60_000, 10)).toHaveLength(1);
  });

  test('gives everything back for a query that did not run', async () => {
    const book = await freshBook();
    await book.reserve(request());

    await book.charge(charge('a', { ...spend(0n), queries: 0n }));

    expect(await book.stands()).toEqual({ used: 0n, reserved: 0n });
  });

  test('charges all budgets or none when a sum exceeds what the ledger can hold', async () => {
    const book = await freshBook();
    const full = budget({ name: 'cheio', limit: bytesLimit(MAX_AMOUNT) });
    await book.reserve(request({ decisionId: 'a', coverages: covering(full) }));
    await book.charge(charge('a', spend(MAX_AMOUNT, 1n)));
    const both = { coverages: covering(budget(), full), spend: spend(0n) };
    await book.reserve(request({ decisionId: 'b', ...both }));

    const beyond = book.charge(charge('b', spend(1n)));

    await expect(beyond).rejects.toMatchObject({ name: 'LedgerError', kind: 'amount out of range' });
    expect(await book.stands()).toEqual({ used: 0n, reserved: 0n });
    expect(await book.expired(noon + 60_000, 10)).toMatchObject([{ decisionId: 'b' }]);
  });
});
