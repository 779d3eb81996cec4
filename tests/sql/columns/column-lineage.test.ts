import { expect, test } from 'vitest';
import { columnLineageOf } from '../../../src/sql/columns/column-lineage.ts';
import { tableName } from '../../../src/vocabulary/table.ts';

function lineageOf(sql: string): Readonly<Record<string, readonly string[]>> | null {
  const lineage = columnLineageOf(sql, { projectId: 'p', defaultDataset: null });
  if (lineage === null) return null;
  const columns = [...lineage].map(([column, sources]) => [
    column,
    sources.map((source) => `${tableName(source.table)}.${source.column} ${source.derivation}`),
  ]);
  return Object.fromEntries(columns);
}

test('columns are traced through common table expressions to the tables they come from', () => {
  const sql = `CREATE TABLE d.out AS
    WITH c AS (SELECT t.a, t.b, u.k FROM d.t AS t JOIN \`q.e.u\` AS u ON t.id = u.id)
    SELECT c.a, SUM(c.b) AS total, UPPER(c.k) AS key FROM c GROUP BY 1, 3`;

  expect(lineageOf(sql)).toEqual({
    a: ['p.d.t.a IDENTITY'],
    total: ['p.d.t.b AGGREGATION'],
    key: ['q.e.u.k TRANSFORMATION'],
  });
});

test('the column names in an INSERT are those of the table it writes to', () => {
  expect(lineageOf('INSERT INTO d.x (k, v) SELECT a, b + 1 AS c FROM d.t')).toEqual({
    k: ['p.d.t.a IDENTITY'],
    v: ['p.d.t.b TRANSFORMATION'],
  });
});

test('columns made from no column are left out, and a star has no lineage', () => {
  expect(lineageOf('SELECT COUNT(*) AS n, a FROM d.t GROUP BY a')).toEqual({ a: ['p.d.t.a IDENTITY'] });
  expect(lineageOf('SELECT * FROM d.t')).toEqual({});
});

test.each([
  'MERGE d.x T USING d.s S ON T.id = S.id WHEN MATCHED THEN DELETE',
  'UPDATE d.x SET a = b WHERE c',
  'no SQL',
])('there is no lineage for %s', (sql) => {
  expect(lineageOf(sql)).toBeNull();
});
