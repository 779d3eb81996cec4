import { expect, test } from 'vitest';
import { unknownTokenSummary, unreadResult } from '../../src/sql/read-result.ts';
import { createReadingCache } from '../../src/sql/reading-cache.ts';
import type { SqlReading, TableUse } from '../../src/vocabulary/reading.ts';

function readingOf(tables: number): SqlReading {
  const use = (n: number): TableUse => ({
    table: { projectId: 'p', datasetId: 'd', tableId: `t${n}` },
    star: true,
    projected: [],
    filtered: [],
    joined: [],
    grouped: [],
  });
  const { reading } = unreadResult(unknownTokenSummary(''), 'syntax', 'made for a test');
  return { ...reading, tables: Array.from({ length: tables }, (_, n) => use(n)) };
}

test('only as many readings of short SQL with many tables are cached as fit', () => {
  const readings = createReadingCache();
  const large = readingOf(20_000);

  for (let n = 0; n < 100; n += 1) readings.set(`short ${n}`, large);

  expect(readings.size).toBeGreaterThan(1);
  expect(readings.size).toBeLessThan(50);
});

test('thousands of readings of the usual size are cached', () => {
  const readings = createReadingCache();

  for (let n = 0; n < 4_000; n += 1) readings.set(`${n}${' '.repeat(2_000)}`, readingOf(3));

  expect(readings.size).toBe(4_000);
});
