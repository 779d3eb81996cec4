import { expect, test } from 'vitest';
import { inOtherCurrencies } from '../../src/showback/other-currencies.ts';
import { pricing } from '../budget/builders.ts';
import { exchangeOn } from './two-rates.ts';

const nothing = { queries: 1, bytesBilled: 0n, freeBytes: 0n, slotMs: 0n };

/** A team that spent this many dollars on each of these days. */
function team(dollars: Readonly<Record<string, bigint>>) {
  const days = Object.entries(dollars).map(
    ([day, amount]) => [day, { ...nothing, costMicros: amount * 1_000_000n }] as const,
  );
  return { name: 'finops', days: new Map(days) };
}

test('spend of several teams is converted to another currency, each day at its own rate', () => {
  const teams = [team({ '2026-11-23': 10n, '2026-11-24': 1n }), team({ '2026-11-24': 100n })];

  expect(inOtherCurrencies(teams, 'USD', exchangeOn).total).toEqual([
    { currency: 'BRL', micros: 656_000_000n },
  ]);
});

test('spend from a time when the policy counted in another currency is not converted', () => {
  expect(inOtherCurrencies([team({ '2026-11-23': 10n })], 'EUR', exchangeOn).total).toEqual([]);
});

test('without a rate, and without spend, there is no amount in another currency', () => {
  expect(
    inOtherCurrencies([team({ '2026-11-23': 10n })], 'USD', () => ({ ...pricing, exchangeRates: [] })).total,
  ).toEqual([]);
  expect(inOtherCurrencies([team({ '2026-11-23': 0n })], 'USD', exchangeOn).total).toEqual([]);
});
