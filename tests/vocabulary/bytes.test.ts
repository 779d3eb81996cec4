import { expect, test } from 'vitest';
import { formatBytes } from '../../src/vocabulary/bytes.ts';

test.each([
  [0n, '0 B'],
  [1023n, '1,023 B'],
  [1024n, '1 KiB'],
  [1n << 60n, '1 EiB'],
  [1n << 70n, '1,024 EiB'],
])('%d bytes are written in the largest unit in which they are at least one: %s', (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});

test('bytes are cut to two decimals, never rounded up', () => {
  expect(formatBytes((1n << 30n) - 1n)).toBe('1,023.99 MiB');
});
