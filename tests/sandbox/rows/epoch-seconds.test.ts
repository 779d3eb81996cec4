import fc from 'fast-check';
import { expect, test } from 'vitest';
import { epochSeconds } from '../../../src/sandbox/rows/epoch-seconds.ts';

test.each([
  [1_767_322_645_123_456n, '1.767322645123456E9'],
  [1_767_312_000_000_000n, '1.767312E9'],
  [0n, '0.0'],
  [1_500_000n, '1.5'],
  [1000n, '0.001'],
  [-1_767_312_000_000_000n, '-1.767312E9'],
])('%s microseconds are written %s', (micros, written) => {
  expect(epochSeconds(micros)).toBe(written);
});

test('read as a number, it is exact to the microsecond for any instant of these centuries', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }), (micros) => {
      expect(Math.round(Number(epochSeconds(micros)) * 1e6)).toBeCloseTo(Number(micros), -1);
    }),
  );
});
