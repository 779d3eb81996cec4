import { describe, expect, test } from 'vitest';
import { withMetadataMinimum } from '../../../src/estimate/as-read/metadata-minimum.ts';
import { givenEstimate } from '../../../src/rehearsal/given-estimate.ts';
import { readSql } from '../../../src/sql/read-sql.ts';
import { MIB } from '../../../src/vocabulary/bytes.ts';

/** What a query is billed of which the dry run says that it processes this much, of these tables of `p.d`. */
function billed(sql: string, bytesProcessed: bigint, tableIds: readonly string[] = []): bigint {
  const reading = readSql(sql, { projectId: 'p', defaultDataset: { datasetId: 'd' } });
  const referencedTables = tableIds.map((tableId) => ({ projectId: 'p', datasetId: 'd', tableId }));
  const estimate = givenEstimate({ bytesProcessed, referencedTables }, reading);
  return withMetadataMinimum(estimate, reading).bytesBilled;
}

describe('a query of INFORMATION_SCHEMA', () => {
  test.each([
    'SELECT * FROM d.INFORMATION_SCHEMA.TABLES',
    'SELECT * FROM information_schema.columns',
    'SELECT * FROM `region-us`.INFORMATION_SCHEMA.JOBS_BY_PROJECT',
  ])('is billed 10 MiB though nothing is processed: %s', (sql) => {
    expect(billed(sql, 0n)).toBe(10n * MIB);
  });

  test('is billed 10 MiB for each of its views', () => {
    const views = 'd.INFORMATION_SCHEMA.TABLES t JOIN d.INFORMATION_SCHEMA.COLUMNS c USING (table_name)';

    expect(billed(`SELECT * FROM ${views}`, 0n)).toBe(20n * MIB);
  });

  test('is billed 10 MiB for one behind a view, and not twice for one that the dry run names as well', () => {
    const tables = ['INFORMATION_SCHEMA.TABLES'];

    expect(billed('SELECT * FROM d.v', 0n, tables)).toBe(10n * MIB);
    expect(billed('SELECT * FROM d.information_schema.tables', 0n, tables)).toBe(10n * MIB);
  });

  test('is billed what it processes if that is more', () => {
    expect(billed('SELECT * FROM d.INFORMATION_SCHEMA.TABLES', 30n * MIB)).toBe(30n * MIB);
  });
});

test('a query of other tables that processes nothing is billed nothing', () => {
  expect(billed('SELECT COUNT(*) FROM d.t', 0n)).toBe(0n);
});
