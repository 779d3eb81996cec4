import { expect, test, vi } from 'vitest';
import { inOtherCurrencies, pricingOnDays } from '../../src/showback/other-currencies.ts';
import { pricing } from '../budget/builders.ts';
import { pricingOn } from './two-rates.ts';

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

  expect(inOtherCurrencies(teams, 'USD', pricingOn).total).toEqual([
    { currency: 'BRL', micros: 656_000_000n },
  ]);
});

test('spend from a time when the policy counted in another currency is not converted', () => {
  expect(inOtherCurrencies([team({ '2026-11-23': 10n })], 'EUR', pricingOn).total).toEqual([]);
});

test('without a rate, and without spend, there is no amount in another currency', () => {
  expect(
    inOtherCurrencies([team({ '2026-11-23': 10n })], 'USD', () => ({ ...pricing, exchangeRates: [] })).total,
  ).toEqual([]);
  expect(inOtherCurrencies([team({ '2026-11-23': 0n })], 'USD', pricingOn).total).toEqual([]);
});

test('the pricing of a date is looked up once, at its start where the policy is, however many teams spent on it', () => {
  const pricingAt = vi.fn((atMs: number) => pricingOn(new Date(atMs).toISOString()));
  const inSaoPaulo = pricingOnDays({ pricingAt, timeZone: 'America/Sao_Paulo' });
  const teams = [team({ '2026-11-23': 1n, '2026-11-24': 1n }), team({ '2026-11-23': 1n, '2026-11-24': 1n })];

  const spent = inOtherCurrencies(teams, 'USD', inSaoPaulo).total;

  expect(spent).toEqual([{ currency: 'BRL', micros: 22_000_000n }]);
  expect(pricingAt.mock.calls).toEqual([[Date.UTC(2026, 10, 23, 3)], [Date.UTC(2026, 10, 24, 3)]]);
});
