import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { billedBytes } from '../../src/estimate/billed.ts';
import { billedBytes as billedBySandbox } from '../../src/sandbox/bytes/processed.ts';
import { MIB, MINIMUM_BYTES_PER_TABLE } from '../../src/vocabulary/bytes.ts';

/** The bytes of a table: none, about the minimum billed, or any number up to 1 PiB. */
const bytesOfTable = fc.oneof(
  fc.constant(0n),
  fc.bigInt({ min: 10n * MIB - 2n, max: 10n * MIB + 2n }),
  fc.bigInt({ min: 1n, max: 1n << 50n }),
);
const tables = fc.array(bytesOfTable, { minLength: 1, maxLength: 12 });

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => a + b, 0n);
}

describe('the bytes billed estimated from a dry run', () => {
  test('are 0 for 0 bytes, otherwise at least 10 MiB for a table and rounded up to whole MiB', () => {
    expect(billedBytes(0n, 3)).toBe(0n);
    expect(billedBytes(1n, 1)).toBe(10n * MIB);
    expect(billedBytes(10n * MIB + 1n, 1)).toBe(11n * MIB);
  });

  test('are never below what the sandbox bills table by table', () => {
    fc.assert(
      fc.property(tables, (bytesByTable) => {
        expect(billedBytes(sum(bytesByTable), bytesByTable.length)).toBeGreaterThanOrEqual(
          billedBySandbox(bytesByTable),
        );
      }),
      { numRuns: 1000 },
    );
  });

  test('are exactly what the sandbox bills for a single table', () => {
    fc.assert(
      fc.property(bytesOfTable, (bytes) => {
        expect(billedBytes(bytes, 1)).toBe(billedBySandbox([bytes]));
      }),
    );
  });

  test('exceed the bytes processed by at most the minimum for each table', () => {
    fc.assert(
      fc.property(tables, (bytesByTable) => {
        const processed = sum(bytesByTable);
        const most = processed + BigInt(bytesByTable.length) * MINIMUM_BYTES_PER_TABLE;

        expect(billedBytes(processed, bytesByTable.length)).toBeLessThanOrEqual(most);
      }),
    );
  });

  test('are whole MiB, and never decrease with more bytes or more tables', () => {
    fc.assert(
      fc.property(bytesOfTable, bytesOfTable, fc.nat(20), (bytes, more, count) => {
        const billed = billedBytes(bytes, count);

        expect(billed % MIB).toBe(0n);
        expect(billedBytes(bytes + more, count)).toBeGreaterThanOrEqual(billed);
        expect(billedBytes(bytes, count + 1)).toBeGreaterThanOrEqual(billed);
      }),
    );
  });

  test('are those for one table if the warehouse names no table', () => {
    expect(billedBytes(1n, 0)).toBe(10n * MIB);
  });
});
