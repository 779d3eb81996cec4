import { expect, test } from 'vitest';
import { exchangeOnDays } from '../../src/vocabulary/exchange.ts';

const rate = (asOf: string, microsPerUnit: bigint) => ({ to: 'BRL', asOf, microsPerUnit });

test.each([
  ['the rate of that day', '2026-11-10', 6n],
  ['the newest rate before', '2026-11-19', 6n],
  ['the first rate, if none has begun', '2026-10-31', 5n],
])('a day is converted at %s', (_which, day, microsPerUnit) => {
  const rates = [rate('2026-11-10', 6n), rate('2026-11-01', 5n), rate('2026-11-20', 7n)];

  const exchangeOn = exchangeOnDays({ currency: 'USD', exchangeRates: rates });

  expect(exchangeOn(day).exchangeRates[0]?.microsPerUnit).toBe(microsPerUnit);
});
