import { expect, test } from 'vitest';
import { readSql } from '../../../src/sql/read-sql.ts';
import { tableName } from '../../../src/vocabulary/table.ts';

function writtenBy(sql: string): readonly string[] | undefined {
  const defaults = { projectId: 'p', defaultDataset: { datasetId: 'd' } };
  return readSql(sql, defaults).writes?.map(tableName);
}

test.each([
  ['CREATE TABLE d.x AS SELECT a FROM d.t', ['p.d.x']],
  ['CREATE OR REPLACE VIEW `q.d.v` AS SELECT a FROM d.t', ['q.d.v']],
  ['INSERT INTO d.x (k, v) SELECT a, b FROM d.t', ['p.d.x']],
  ['MERGE INTO d.x T USING d.s S ON T.id = S.id WHEN MATCHED THEN DELETE', ['p.d.x']],
  ['UPDATE d.x t SET a = 1 WHERE c = 1', ['p.d.x']],
  ['DELETE FROM d.x WHERE c = 1', ['p.d.x']],
  ['TRUNCATE TABLE d.x', ['p.d.x']],
  ['INSERT `p.d.x` VALUES (1)', ['p.d.x']],
  ['INSERT INTO d.x SELECT 1; INSERT INTO d.y SELECT 2; DELETE FROM d.x WHERE true', ['p.d.x', 'p.d.y']],
])('%s writes to %j', (sql, tables) => {
  expect(writtenBy(sql)).toEqual(tables);
});

test.each([
  'SELECT a FROM d.t',
  'CREATE TEMP TABLE x AS SELECT 1 AS a',
  'CREATE TEMP TABLE x AS SELECT 1 AS a; INSERT INTO x SELECT 2; SELECT * FROM x',
])('%s writes to no permanent table', (sql) => {
  expect(writtenBy(sql)).toEqual([]);
});
