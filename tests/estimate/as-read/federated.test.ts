import { describe, expect, test } from 'vitest';
import { estimateAsRead } from '../../../src/estimate/as-read/as-read.ts';
import { givenEstimate } from '../../../src/rehearsal/given-estimate.ts';
import { readSql } from '../../../src/sql/read-sql.ts';
import type { EstimateAccuracy } from '../../../src/vocabulary/estimate.ts';

function accuracy(sql: string, said: EstimateAccuracy): EstimateAccuracy {
  const reading = readSql(sql, { projectId: 'p', defaultDataset: { datasetId: 'd' } });
  const estimate = givenEstimate({ bytesProcessed: 0n, accuracy: said, referencedTables: [] }, reading);
  return estimateAsRead(estimate, reading).accuracy;
}

describe('an estimate of a query that has rows from a database elsewhere', () => {
  test.each([
    "SELECT * FROM EXTERNAL_QUERY('us.c', 'SELECT 1')",
    "SELECT a FROM d.t JOIN EXTERNAL_QUERY('us.c', 'SELECT 1') AS e USING (a)",
    "WITH e AS (SELECT * FROM external_query('us.c', 'SELECT 1')) SELECT * FROM e",
  ])('is a lower bound, however exact its dry run calls itself: %s', (sql) => {
    expect(accuracy(sql, 'PRECISE')).toBe('LOWER_BOUND');
    expect(accuracy(sql, 'UPPER_BOUND')).toBe('LOWER_BOUND');
  });

  test('stays unknown if its dry run says so', () => {
    expect(accuracy("SELECT * FROM EXTERNAL_QUERY('us.c', 'SELECT 1')", 'UNKNOWN')).toBe('UNKNOWN');
  });
});

test('an estimate of any other query is as exact as its dry run says', () => {
  expect(accuracy("SELECT 'EXTERNAL_QUERY' FROM d.t", 'PRECISE')).toBe('PRECISE');
});
