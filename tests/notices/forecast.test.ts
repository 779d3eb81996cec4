import fc from 'fast-check';
import { expect, test } from 'vitest';
import { forecastOf } from '../../src/notices/forecast.ts';
import { balance, budget, HOUR, noon } from './builders.ts';

const midnight = noon - 12 * HOUR;

test('half of the limit at a quarter of the day is used up at half past', () => {
  expect(forecastOf(balance({ used: 25_000_000n }), midnight + 6 * HOUR)).toEqual({
    projected: 100_000_000n,
    usedUpAtMs: noon,
  });
});

test('a pace that keeps within the limit is not used up', () => {
  expect(forecastOf(balance({ used: 20_000_000n }), noon)).toEqual({
    projected: 40_000_000n,
    usedUpAtMs: null,
  });
});

test('there is no forecast before a tenth of the window, after its end, once all is used, or for a rolling window', () => {
  const used = 25_000_000n;
  const tenth = midnight + 2.4 * HOUR;

  expect(forecastOf(balance({ used }), tenth - 1)).toBeNull();
  expect(forecastOf(balance({ used }), tenth)).not.toBeNull();
  expect(forecastOf(balance({ used }), midnight + 24 * HOUR)).toBeNull();
  expect(forecastOf(balance({ used: 50_000_000n }), noon)).toBeNull();
  expect(forecastOf(balance({ used, budget: budget({ window: 'rolling-24h' }) }), noon)).toBeNull();
});

test('a forecast to be used up is between now and the end of the window, for any amounts', () => {
  const amount = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(
      amount,
      amount,
      fc.integer({ min: midnight, max: midnight + 24 * HOUR }),
      (used, limit, at) => {
        const forecast = forecastOf(balance({ used, limit }), at);
        if (forecast === null) return;
        expect(forecast.projected).toBeGreaterThanOrEqual(used);
        expect(forecast.usedUpAtMs === null).toBe(forecast.projected < limit);
        if (forecast.usedUpAtMs === null) return;
        expect(forecast.usedUpAtMs).toBeGreaterThanOrEqual(at);
        expect(forecast.usedUpAtMs).toBeLessThanOrEqual(midnight + 24 * HOUR);
      },
    ),
  );
});
