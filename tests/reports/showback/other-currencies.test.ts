import { expect, test } from 'vitest';
import { inOtherCurrencies } from '../../../src/reports/showback/other-currencies.ts';
import { pricing } from '../../budget/builders.ts';
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

test('teams come to the same as in the sheets by team: in the order of their names, each gets what it adds, rounded', () => {
  const named = (name: string | null) => ({
    name,
    days: new Map([['2026-11-24', { ...nothing, costMicros: 1n }]]),
  });
  const exchangeRates = [{ to: 'BRL', microsPerUnit: 5_300_000n, asOf: '2026-11-01' }];

  const { ofTeams } = inOtherCurrencies([named(null), named('b'), named('a')], 'USD', () => ({
    ...pricing,
    exchangeRates,
  }));

  expect(ofTeams.map(([amount]) => amount?.micros)).toEqual([5n, 5n, 6n]);
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
