import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { billedBytes, MINIMUM_BYTES_PER_TABLE } from '../../src/estimate/billed.ts';
import { priceOf } from '../../src/estimate/price.ts';
import { MIB, TIB } from '../../src/vocabulary/bytes.ts';
import type { Pricing } from '../../src/vocabulary/pricing.ts';

const pricing: Pricing = {
  currency: 'USD',
  onDemandMicrosPerTib: new Map([['southamerica-east1', 11_250_000n]]),
  defaultMicrosPerTib: 6_250_000n,
  exchangeRates: [],
};

describe('bytes billed', () => {
  test('are none for a query that processes none', () => {
    expect(billedBytes(0n, 3)).toBe(0n);
  });

  test('are at least 10 MiB for a table, and whole MiB', () => {
    expect(billedBytes(1n, 1)).toBe(10n * MIB);
    expect(billedBytes(10n * MIB + 1n, 1)).toBe(11n * MIB);
  });

  test('are never below what BigQuery bills, however the bytes lie over the tables', () => {
    const tables = fc.array(fc.bigInt({ min: 0n, max: 1n << 45n }), { minLength: 1, maxLength: 8 });

    fc.assert(
      fc.property(tables, (bytesByTable) => {
        const processed = bytesByTable.reduce((a, b) => a + b, 0n);
        const billed = bytesByTable
          .map((bytes) => ((bytes + MIB - 1n) / MIB) * MIB)
          .map((bytes) => (bytes > MINIMUM_BYTES_PER_TABLE ? bytes : MINIMUM_BYTES_PER_TABLE))
          .reduce((a, b) => a + b, 0n);

        const estimate = billedBytes(processed, bytesByTable.length);

        if (processed > 0n) expect(estimate).toBeGreaterThanOrEqual(billed);
      }),
    );
  });
});

describe('the price', () => {
  test("is the location's, whatever its case, or the default", () => {
    expect(priceOf(TIB, 'SouthAmerica-East1', pricing)).toEqual({ currency: 'USD', micros: 11_250_000n });
    expect(priceOf(TIB, 'US', pricing)).toEqual({ currency: 'USD', micros: 6_250_000n });
  });

  test('never sums to less than the whole', () => {
    const bytes = fc.bigInt({ min: 0n, max: 1n << 60n });

    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const apart = priceOf(a, 'US', pricing).micros + priceOf(b, 'US', pricing).micros;

        expect(apart).toBeGreaterThanOrEqual(priceOf(a + b, 'US', pricing).micros);
      }),
    );
  });
});
