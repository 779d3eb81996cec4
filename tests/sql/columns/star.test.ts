import { describe, expect, test } from 'vitest';
import { readSql } from '../../../src/sql/read-sql.ts';
import { read, useOf } from '../readings.ts';

describe('a star', () => {
  test.each([
    ['SELECT * FROM e.t', true],
    ['SELECT m.* FROM e.t AS m', true],
    ['SELECT * EXCEPT (body) FROM e.t', true],
    ['SELECT m FROM e.t AS m', true],
    ['SELECT TO_JSON_STRING(t) FROM e.t', true],
    ['WITH c AS (SELECT * FROM e.t) SELECT x FROM c', true],
    ['SELECT COUNT(*) FROM e.t', false],
    ['SELECT * FROM (SELECT x FROM e.t)', false],
    ['SELECT x, y FROM e.t LIMIT 10', false],
  ])('is recognised in %s: %s', (sql, star) => {
    expect(read(sql).star).toBe(star);
    expect(useOf(sql, 'p.e.t').star).toBe(star);
  });
});

describe('the star of a table or function', () => {
  test.each([
    'SELECT * FROM d.t',
    'SELECT t.* FROM d.t',
    'SELECT d.t.* FROM d.t',
    'SELECT t.*/* hidden */ FROM d.t',
    'SELECT */* hidden */ FROM d.t',
    'SELECT t . * FROM d.t',
    'SELECT (t).* FROM d.t',
    'SELECT `x.u`.* FROM d.u, d.t AS `x.u`',
    'SELECT `p.d.t`.* FROM `p.d.t`, d.u',
    'SELECT * EXCEPT (a) FROM d.t',
    'SELECT DISTINCT * FROM d.t',
    'SELECT AS STRUCT * FROM d.t',
    'SELECT t FROM d.t',
    'SELECT (SELECT TO_JSON_STRING(t)) FROM d.t',
    'SELECT SUM(LENGTH(TO_JSON_STRING(x))) FROM d.t AS x',
    'SELECT UPPER(TO_JSON_STRING(x)) FROM d.t AS x',
    'SELECT TO_JSON_STRING(x) FROM d.t AS x',
    'SELECT x.* FROM (SELECT * FROM d.t) AS x',
    'CREATE TABLE d.u AS SELECT * FROM d.t',
    'INSERT INTO d.u SELECT * FROM d.t',
  ])('is attributed to the table in %s', (sql) => {
    const { tables } = readSql(sql, { projectId: 'p', defaultDataset: null });

    expect(tables.filter((use) => use.star).map((use) => use.table.tableId)).toEqual(['t']);
  });

  test.each([
    'SELECT * FROM d.f(1)',
    'SELECT x.* FROM d.f(1) AS x',
    'SELECT `x.u`.* FROM (SELECT a FROM d.u) AS u, d.f(1) AS `x.u`',
    'SELECT * EXCEPT (a) FROM d.t JOIN `p.d.f`(1) USING (b)',
    "SELECT * FROM EXTERNAL_QUERY('p.us.c', 'SELECT 1')",
    'SELECT * FROM d.f(1) PIVOT (SUM(a) FOR b IN (1))',
    'SELECT TO_JSON_STRING(x) FROM d.f(1) AS x',
    'SELECT a FROM (SELECT * FROM d.f(1))',
  ])('is recognised over the result of a table function: %s', (sql) => {
    expect(readSql(sql, { projectId: 'p', defaultDataset: null }).star).toBe(true);
  });

  test.each([
    'SELECT COUNT(*) FROM d.t',
    'SELECT COUNT(*) FROM d.f(1)',
    'SELECT a FROM d.f(1) AS x',
    'SELECT c.* FROM d.f(1) AS x, (SELECT a FROM d.t) AS c',
    'SELECT d.u.* FROM d.f(1) AS x, (SELECT a FROM d.t) AS u',
    'SELECT * FROM UNNEST(d.f(1))',
    'SELECT x.* FROM d.t, UNNEST([STRUCT(1 AS a)]) AS x',
    'SELECT a * b FROM d.t',
    'SELECT t.t FROM d.t',
    'SELECT t FROM d.t AS c',
    'SELECT SUM(t), UPPER(t) FROM d.t',
    'SELECT finops.tax(a) FROM d.t AS finops',
  ])('is not recognised in %s', (sql) => {
    expect(readSql(sql, { projectId: 'p', defaultDataset: null }).star).toBe(false);
  });
});

test('a table passed to a table function is read with all its columns', () => {
  expect(useOf('SELECT x FROM APPENDS(TABLE e.t, NULL, NULL) AS a', 'p.e.t').star).toBe(true);
  expect(useOf('SELECT x FROM ML.PREDICT(MODEL e.t, (SELECT y FROM e.u))', 'p.e.t').star).toBe(false);
});

test.each([
  'SELECT m.address.* FROM e.t AS m',
  'SELECT t.address.city.* FROM e.t',
  'SELECT address.* FROM e.t',
  'SELECT x FROM (SELECT m.address.* EXCEPT (x) FROM e.t AS m)',
])('a star over the fields of a column selects that column: %s', (sql) => {
  expect(useOf(sql, 'p.e.t').projected).toContain('address');
});
