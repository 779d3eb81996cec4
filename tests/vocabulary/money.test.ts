import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalOf, formatMoney } from '../../src/vocabulary/money.ts';

describe('an amount as exact decimal text', () => {
  test.each([
    [0n, '0.000000'],
    [60n, '0.000060'],
    [1_000_000n, '1.000000'],
    [-60n, '-0.000060'],
    [-12_345_678n, '-12.345678'],
  ])('of %d micros is %s', (micros, text) => {
    expect(decimalOf(micros)).toBe(text);
  });

  test('has all micros of any amount', () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), (micros) => {
        const text = decimalOf(micros);
        expect(text).toMatch(/^-?(0|[1-9]\d*)\.\d{6}$/);
        expect(BigInt(text.replace('.', ''))).toBe(micros);
      }),
    );
  });
});

describe('money as people read it', () => {
  const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

  test.each([
    [0n, '$0.00', 'US$ 0,00'],
    [60n, '$0.0001', 'US$ 0,0001'],
    [99_900n, '$0.0999', 'US$ 0,0999'],
    [-99_900n, '-$0.0999', '-US$ 0,0999'],
    [100_000n, '$0.10', 'US$ 0,10'],
    [-100_000n, '-$0.10', '-US$ 0,10'],
    [1_234_567_890n, '$1,234.57', 'US$ 1.234,57'],
  ])('has two decimals, or four under ten cents: %d micros', (micros, english, portuguese) => {
    const money = { currency: 'USD', micros };

    expect(plain(formatMoney(money))).toBe(english);
    expect(plain(formatMoney(money, 'pt-BR'))).toBe(portuguese);
  });
});
