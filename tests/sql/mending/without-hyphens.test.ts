import { describe, expect, test } from 'vitest';
import { withoutHyphens } from '../../../src/sql/mending/without-hyphens.ts';
import { read } from '../readings.ts';

test.each([
  'INSERT INTO my-project-1.e.t (a) SELECT a FROM my-project-1.e.u WHERE b = "my-project-1"',
  'INSERT my-project-1.e.t (a) SELECT a FROM my-project-1.e.u',
  'UPDATE my-project-1.e.t SET a = u.a FROM my-project-1.e.u WHERE TRUE',
  'LOAD DATA INTO my-project-1.e.t FROM FILES (uris = []); SELECT a FROM my-project-1.e.u',
])('a project with hyphens and no quotes is read where its table is changed: %s', (sql) => {
  const { reader, tables } = read(sql);

  expect(reader).toBe('polyglot');
  expect(tables.map(({ table }) => [table.projectId, table.datasetId, table.tableId])).toEqual([
    ['my-project-1', 'e', 't'],
    ['my-project-1', 'e', 'u'],
  ]);
});

test.each([
  ['SELECT a FROM my-table;', 'polyglot', ['my-table']],
  ['DROP TABLE my-table ; ', 'polyglot', ['my-table']],
  ['SELECT a FROM e.u,my-table;', 'polyglot', ['my-table', 'u']],
  ['SELECT a FROM my-table,e.u', 'node-sql-parser', ['my-table', 'u']],
  ['SELECT a FROM my-table; SELECT a FROM e.u', 'node-sql-parser', ['my-table', 'u']],
  ['SELECT a FROM `my,table`, e.u', 'polyglot', ['my,table', 'u']],
])('the name of a table with a hyphen ends before what follows it: %s', (sql, reader, tables) => {
  const found = read(sql);

  expect(found.reader).toBe(reader);
  expect(found.tables.map(({ table }) => table.tableId).toSorted()).toEqual(tables);
});

describe('nothing is put in its place', () => {
  test.each([
    ['if the name with underscores is another one', 'INSERT INTO a-b.e.t SELECT 1 FROM a_B.e.u'],
    ['if there is no such name', 'INSERT INTO e.t SELECT a-b.c'],
  ])('%s', (_why, sql) => {
    expect(withoutHyphens(sql)).toBeNull();
  });
});
