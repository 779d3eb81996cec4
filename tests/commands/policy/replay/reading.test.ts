import { expect, test } from 'vitest';
import { reread } from '../../../../src/commands/policy/replay/reading.ts';
import type { PastQuery } from '../../../../src/reports/replay/outcomes.ts';
import { readSql } from '../../../../src/sql/read-sql.ts';
import type { NameDefaults } from '../../../../src/sql/table-names.ts';
import { applyRetention } from '../../../../src/sql/tokens/sql-retention.ts';
import type { SqlRetention } from '../../../../src/vocabulary/policy.ts';
import type { SqlReading } from '../../../../src/vocabulary/reading.ts';
import { decision } from '../../../records/builders.ts';

const IN_D: NameDefaults = { projectId: 'guardrail-demo', defaultDataset: { datasetId: 'd' } };

/** A query as it was read then, and as it is on record. */
function past(sql: string, retention: SqlRetention = 'stored', then: Partial<SqlReading> = {}): PastQuery {
  return {
    ...decision({
      sql: applyRetention(sql, retention),
      sqlRetention: retention,
      reading: { ...readSql(sql, IN_D), ...then },
    }),
    settlement: null,
  };
}

test('a query that was unread because of its request stays unread', () => {
  const legacy = past('SELECT a FROM d.t', 'stored', { reader: 'none', unreadReason: 'it is legacy SQL' });

  expect(reread(legacy)).toMatchObject({
    basis: 'sql',
    reading: { reader: 'none', unreadReason: 'it is legacy SQL', tables: [{ table: { tableId: 't' } }] },
  });
});

test('SQL that no parser could read then is read if one can now', () => {
  const unread = past('SELECT a FROM d.t', 'stored', {
    reader: 'none',
    unreadReason: 'Parse error',
    statement: 'UNKNOWN',
  });

  expect(reread(unread)).toMatchObject({
    basis: 'sql',
    reading: { reader: 'polyglot', unreadReason: null },
  });
});

test('short names are completed by the default dataset at that time, not by that of another table of the same name', () => {
  const both = past('SELECT x.a FROM other.t AS x JOIN t AS y USING (a)');

  expect(reread(both).reading).toEqual(both.reading);
});

test.each([
  'SELECT DATE(a) AS day, COUNT(b) FROM d.t GROUP BY 1',
  'SELECT a FROM d.t LIMIT 7',
  'SELECT a FROM d.t WHERE b = «(SELECT MAX(b) FROM d.u)»',
])('SQL without its literals means something else, so the recorded reading is used: %s', (sql) => {
  const masked = past(sql, 'masked');

  expect(reread(masked)).toEqual({ basis: 'record', reading: masked.reading });
});

test('SQL recorded as a digest is judged by the recorded reading', () => {
  const long = { ...past('SELECT a FROM d.t'), sql: `sha256:${'0'.repeat(64)}` };

  expect(reread(long)).toEqual({ basis: 'record', reading: long.reading });
});
