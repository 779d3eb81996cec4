import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amountOf, exchangeMicrosOf } from '../../src/budget/amounts.ts';
import { MAX_AMOUNT } from '../../src/vocabulary/max-amount.ts';
import { brlLimit, budget, pricing, spend } from './builders.ts';

const rate = fc.bigInt({ min: 1n, max: 1_000_000_000n });
const micros = fc.bigInt({ min: 0n, max: 1_000_000_000_000n });

function inBrl(cost: bigint, exchangeMicros: bigint): bigint {
  return amountOf(spend(0n, cost), 'BRL', exchangeMicros);
}

describe('the amount that a query takes from a budget', () => {
  test('is the bytes billed when the budget counts bytes', () => {
    expect(amountOf(spend(7n, 900n), 'bytes', exchangeMicrosOf(budget(), pricing))).toBe(7n);
  });

  test('is the cost itself when the budget counts the currency of the pricing', () => {
    const inDollars = budget({ limit: { measure: 'money', money: { currency: 'USD', micros: 1n } } });

    expect(amountOf(spend(7n, 900n), 'USD', exchangeMicrosOf(inDollars, pricing))).toBe(900n);
  });

  test('is exchanged at the rate of the pricing, rounded up to a whole micro', () => {
    const inReais = budget({ limit: brlLimit(1n) });

    expect(amountOf(spend(0n, 1n), 'BRL', exchangeMicrosOf(inReais, pricing))).toBe(6n);
  });

  test('is an error when the pricing has no rate, naming the budget and both currencies', () => {
    const inEuros = budget({ limit: { measure: 'money', money: { currency: 'EUR', micros: 1n } } });

    expect(() => exchangeMicrosOf(inEuros, pricing)).toThrow(
      expect.objectContaining({
        kind: 'no exchange rate',
        message: expect.stringMatching(/atendimento-dia counts EUR.*from USD/),
      }),
    );
  });

  test('is an error below zero and above what 64 bits hold', () => {
    for (const bytes of [-1n, MAX_AMOUNT + 1n]) {
      expect(() => amountOf(spend(bytes), 'bytes', null)).toThrow(
        expect.objectContaining({ kind: 'amount out of range' }),
      );
    }
    expect(amountOf(spend(MAX_AMOUNT), 'bytes', null)).toBe(MAX_AMOUNT);
    expect(() => inBrl(MAX_AMOUNT, 5_400_000n)).toThrow(
      expect.objectContaining({ kind: 'amount out of range' }),
    );
  });

  test('sums to at least the exchanged total, and to less than one micro more per query', () => {
    fc.assert(
      fc.property(fc.array(micros, { minLength: 1 }), rate, (costs, exchangeMicros) => {
        const exact = costs.reduce((a, b) => a + b, 0n) * exchangeMicros;
        const taken = costs.map((cost) => inBrl(cost, exchangeMicros)).reduce((a, b) => a + b, 0n);

        expect(taken * 1_000_000n >= exact).toBe(true);
        expect(taken * 1_000_000n < exact + BigInt(costs.length) * 1_000_000n).toBe(true);
      }),
    );
  });

  test('is never higher for a bill than for a reservation of at least that bill', () => {
    fc.assert(
      fc.property(micros, micros, rate, (a, b, exchangeMicros) => {
        const [bill, reserved] = a < b ? [a, b] : [b, a];

        expect(inBrl(bill, exchangeMicros) <= inBrl(reserved, exchangeMicros)).toBe(true);
      }),
    );
  });
});
