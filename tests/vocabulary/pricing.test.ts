import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TIB } from '../../src/vocabulary/bytes.ts';
import { modelShare } from '../../src/vocabulary/models.ts';
import { costOf, freeBytesFor, type Pricing, type Tariff, tariffFor } from '../../src/vocabulary/pricing.ts';

const HOUR = 3_600_000n;

const pricing: Pricing = {
  currency: 'USD',
  onDemandMicrosPerTib: {
    byLocation: new Map([['southamerica-east1', 11_250_000n]]),
    otherwise: 6_250_000n,
  },
  editions: {
    covers: (projectId) => projectId === 'reserved',
    microsPerSlotHour: { byLocation: new Map([['southamerica-east1', 90_000n]]), otherwise: 60_000n },
    unknownSlotMs: 360_000n,
  },
  freeBytesPerMonth: 0n,
  exchangeRates: [],
};

const query = { projectId: 'p', location: 'US', models: 'none' } as const;

describe('the tariff of a query', () => {
  test("is on demand, at the location's price, ignoring case, or at the default price", () => {
    const onDemand = { model: 'on demand', currency: 'USD' };

    expect(tariffFor({ ...query, location: 'SouthAmerica-East1' }, pricing)).toEqual({
      ...onDemand,
      microsPerTib: 11_250_000n,
    });
    expect(tariffFor({ ...query, location: 'US' }, pricing)).toEqual({
      ...onDemand,
      microsPerTib: 6_250_000n,
    });
  });

  test('is by slot-hour in a project with slots', () => {
    const editions = { model: 'editions', currency: 'USD' };

    expect(tariffFor({ ...query, projectId: 'reserved', location: 'southamerica-east1' }, pricing)).toEqual({
      ...editions,
      microsPerSlotHour: 90_000n,
    });
    expect(tariffFor({ ...query, projectId: 'reserved', location: 'US' }, pricing)).toEqual({
      ...editions,
      microsPerSlotHour: 60_000n,
    });
  });

  test('is on demand for every project if the pricing has no editions', () => {
    const tariff = tariffFor(
      { ...query, projectId: 'reserved', location: 'US' },
      { ...pricing, editions: null },
    );

    expect(tariff.model).toBe('on demand');
  });
});

describe('creating a model', () => {
  const model = { ...query, models: 'all' } as const;
  const free = { ...pricing, freeBytesPerMonth: TIB };

  test('costs fifty times the price of a query per byte, in each location', () => {
    expect(tariffFor(model, pricing)).toMatchObject({ microsPerTib: 50n * 6_250_000n });
    expect(tariffFor({ ...model, location: 'southamerica-east1' }, pricing)).toMatchObject({
      microsPerTib: 50n * 11_250_000n,
    });
  });

  test('within a script is charged at the model price for the bytes that went into the model only', () => {
    const [ofModels, ofAll] = [7n, 10n];
    const script = tariffFor({ ...query, models: modelShare(ofModels, ofAll) }, pricing);

    const whole = costOf({ bytesBilled: ofAll * TIB, slotMs: 0n }, script).micros;
    expect(whole).toBe(6_250_000n * (3n + 50n * 7n));
  });

  test('is charged by slot time like a query in a project with slots', () => {
    const onSlots = { projectId: 'reserved' };

    expect(tariffFor({ ...model, ...onSlots }, pricing)).toEqual(
      tariffFor({ ...query, ...onSlots }, pricing),
    );
  });

  test('uses none of the free bytes of a month', () => {
    expect(freeBytesFor(model, free)).toBe(0n);
    expect(freeBytesFor({ models: modelShare(1n, 2n) }, free)).toBe(0n);
    expect(freeBytesFor(query, free)).toBe(TIB);
  });
});

describe('the cost of a query', () => {
  const onDemand: Tariff = { model: 'on demand', currency: 'USD', microsPerTib: 6_250_000n };
  const editions: Tariff = {
    model: 'editions',
    currency: 'USD',
    microsPerSlotHour: 60_000n,
  };

  test('depends only on bytes under on-demand pricing, and only on slot time under editions', () => {
    expect(costOf({ bytesBilled: TIB, slotMs: 7n * HOUR }, onDemand)).toEqual({
      currency: 'USD',
      micros: 6_250_000n,
    });
    expect(costOf({ bytesBilled: 7n * TIB, slotMs: HOUR }, editions)).toEqual({
      currency: 'USD',
      micros: 60_000n,
    });
  });

  test('is zero for no usage, and rounded up to a whole micro', () => {
    expect(costOf({ bytesBilled: 0n, slotMs: 1n }, onDemand).micros).toBe(0n);
    expect(costOf({ bytesBilled: 1n, slotMs: 0n }, onDemand).micros).toBe(1n);
    expect(costOf({ bytesBilled: 1n, slotMs: 0n }, editions).micros).toBe(0n);
    expect(costOf({ bytesBilled: 0n, slotMs: 1n }, editions).micros).toBe(1n);
  });

  test.each([onDemand, editions])(
    'adds up over parts to the cost of the whole, or one micro more: $model',
    (tariff) => {
      const amount = fc.bigInt({ min: 0n, max: 1n << 60n });
      const usage = fc.record({ bytesBilled: amount, slotMs: amount });

      fc.assert(
        fc.property(usage, usage, (a, b) => {
          const whole = { bytesBilled: a.bytesBilled + b.bytesBilled, slotMs: a.slotMs + b.slotMs };
          const apart = costOf(a, tariff).micros + costOf(b, tariff).micros;

          expect(apart).toBeGreaterThanOrEqual(costOf(whole, tariff).micros);
          expect(apart).toBeLessThanOrEqual(costOf(whole, tariff).micros + 1n);
        }),
      );
    },
  );
});
