import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBytes, parseLimit, parseMicros, parseSlotTime } from '../../../src/policy/document/amounts.ts';

describe('amounts in policy files', () => {
  test('can be bytes in decimal and binary units', () => {
    expect(parseLimit('20 GiB')).toEqual({ measure: 'bytes', bytes: 20n << 30n });
    expect(parseBytes('1.5 KiB')).toBe(1536n);
    expect(parseBytes('2GB')).toBe(2_000_000_000n);
    expect(parseBytes('0 B')).toBe(0n);
  });

  test('can be money in an existing currency', () => {
    expect(parseLimit('25.50 USD')).toEqual({
      measure: 'money',
      money: { currency: 'USD', micros: 25_500_000n },
    });
    expect(parseLimit('25.50 USX')).toBeNull();
  });

  test('can be slot time, to the millisecond', () => {
    expect(parseLimit('40 slot-hours')).toEqual({ measure: 'slot time', slotMs: 144_000_000n });
    expect(parseLimit('1 slot-hour')).toEqual({ measure: 'slot time', slotMs: 3_600_000n });
    expect(parseSlotTime('0.1 slot-hours')).toBe(360_000n);
    expect(parseSlotTime('0.0000001 slot-hours')).toBeNull();
    expect(parseSlotTime('1 GiB')).toBeNull();
  });

  test('can be queries, in a window or at once', () => {
    expect(parseLimit('500 queries')).toEqual({ measure: 'queries', queries: 500n });
    expect(parseLimit('1 query')).toEqual({ measure: 'queries', queries: 1n });
    expect(parseLimit('9223372036854775807 queries')).toEqual({
      measure: 'queries',
      queries: 2n ** 63n - 1n,
    });
    expect(parseLimit('0 queries')).toEqual({ measure: 'queries', queries: 0n });
    expect(parseLimit('4 at once')).toEqual({ measure: 'at once', queries: 4n });
  });

  test.each([
    '',
    '20',
    'GiB',
    '20 Gib',
    '-1 GiB',
    '1e3 B',
    '1,5 GiB',
    '.5 GiB',
    '0.3 B',
    '9 PiB 1',
    '9000 PiB',
    '1.5 queries',
    '0 at once',
    '2.5 at once',
    'at once',
    '4 at  once',
    '40 slot hours',
    '1e3 slot-hours',
    '9223372036854775808 queries',
  ])('are never guessed: %j is rejected', (text) => {
    expect(parseLimit(text)).toBeNull();
  });

  test('are exact, however large', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (amount) => {
        const micros = `${amount / 1_000_000n}.${(amount % 1_000_000n).toString().padStart(6, '0')}`;
        expect(parseMicros(micros)).toBe(amount);
        expect(parseBytes(`${amount} B`)).toBe(amount);
      }),
    );
  });

  test('must come to whole bytes: a fraction of a byte is rejected, not rounded', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(999), (whole, thousandths) => {
        const parsed = parseBytes(`${whole}.${thousandths.toString().padStart(3, '0')} KiB`);
        const exact = (BigInt(whole) * 1000n + BigInt(thousandths)) * 1024n;
        expect(parsed).toBe(exact % 1000n === 0n ? exact / 1000n : null);
      }),
    );
  });
});
