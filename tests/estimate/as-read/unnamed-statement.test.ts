import { describe, expect, test } from 'vitest';
import { estimateAsRead } from '../../../src/estimate/as-read/as-read.ts';
import { givenEstimate } from '../../../src/rehearsal/given-estimate.ts';
import { readSql } from '../../../src/sql/read-sql.ts';
import type { EstimateAccuracy } from '../../../src/vocabulary/estimate.ts';

function accuracy(sql: string, said: EstimateAccuracy, statementType = 'UNKNOWN'): EstimateAccuracy {
  const reading = readSql(sql, { projectId: 'p', defaultDataset: { datasetId: 'd' } });
  const given = { bytesProcessed: 5n, accuracy: said, statementType, referencedTables: [] };
  return estimateAsRead(givenEstimate(given, reading), reading).accuracy;
}

describe('an estimate whose dry run names no statement', () => {
  test.each([
    'SELECT 1; SELECT a FROM t',
    'DROP TABLE u; SELECT a FROM t',
    'BEGIN SELECT a FROM t; END',
    "EXECUTE IMMEDIATE 'SELECT a FROM t'",
    'CALL d.p()',
    'SELECT {{ unread }} FROM',
  ])('is a lower bound, unless the SQL is known to be one statement: %s', (sql) => {
    expect(accuracy(sql, 'PRECISE')).toBe('LOWER_BOUND');
    expect(accuracy(sql, 'UPPER_BOUND')).toBe('LOWER_BOUND');
    expect(accuracy(sql, 'UNKNOWN')).toBe('UNKNOWN');
  });

  test.each([
    'SELECT a FROM t',
    'SELECT `a\\x41` FROM t',
    'WITH c AS (SELECT a FROM t) SELECT a FROM c;',
    'DELETE FROM t WHERE a = 1',
  ])('is as exact as the dry run says if the SQL is one statement: %s', (sql) => {
    expect(accuracy(sql, 'PRECISE')).toBe('PRECISE');
  });
});

test('an estimate whose dry run names the statement is as exact as it says, whether the SQL is read or not', () => {
  expect(accuracy('SELECT {{ unread }} FROM', 'PRECISE', 'SELECT')).toBe('PRECISE');
  expect(accuracy('CREATE TEMP FUNCTION f() AS (1); SELECT f()', 'PRECISE', 'SELECT')).toBe('PRECISE');
});
