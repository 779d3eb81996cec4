import { describe, expect, test } from 'vitest';
import { standardQueries } from '../../../../src/sql/translation/standard-queries.ts';
import { useOf } from '../../readings.ts';

test('a condition before a JOIN in a subquery is none on the table that it adds', () => {
  const sql =
    'SELECT (FROM e.x AS a JOIN e.b USING (k) |> WHERE c.day > @d |> JOIN e.c ON c.k = a.k |> SELECT MAX(c.v)) FROM e.z AS c';

  expect(useOf(sql, 'p.e.c').filtered).toEqual([]);
});

describe('a column of joined rows that lost their names is no field of a column by that name:', () => {
  test.each([
    'FROM e.t AS day |> CROSS JOIN (SELECT 1 AS b) AS c |> ORDER BY a |> CROSS JOIN (SELECT 2 AS e) AS f |> WHERE day.a > @d',
    'SELECT * FROM (FROM e.t AS day |> CROSS JOIN (SELECT 1 AS b) AS c |> WHERE b > 0 |> CROSS JOIN (SELECT 2 AS e) AS f |> WHERE day.a > @d)',
  ])('%s', (sql) => {
    expect(useOf(sql, 'p.e.t')).toMatchObject({ star: true });
    expect(useOf(sql, 'p.e.t').filtered).not.toContain('day');
  });

  test('nor is it read where a star before them has only the columns that are named', () => {
    const sql =
      'FROM e.t |> LIMIT 9 |> CROSS JOIN (FROM e.u |> SELECT b) AS c |> LIMIT 9 |> AGGREGATE MAX(t.secret) AS m';

    expect(standardQueries(sql)).toBe(null);
    expect(standardQueries(sql.replace('t.secret', 'secret'))).not.toBe(null);
  });
});

describe('common tables in pipes are not translated', () => {
  test.each([
    [
      'where tables before them would see them',
      'WITH RECURSIVE r AS (SELECT 1 AS k) FROM secret |> WITH secret AS (FROM e.u) |> JOIN secret USING (k)',
    ],
    [
      'where what comes before them sees the rows around it',
      'SELECT (FROM UNNEST([1]) |> EXTEND t.secret AS s |> WITH x AS (SELECT 1 AS a) |> SELECT s) FROM e.t',
    ],
  ])('%s', (_where, sql) => {
    expect(standardQueries(sql)).toBe(null);
  });
});

test.each([
  'FROM e.t PIVOT(SUM(x) FOR q IN (1, 2)) p |> EXTEND a AS b |> SELECT TO_JSON_STRING(p)',
  'FROM e.t AS x PIVOT(SUM(x) FOR q IN (1, 2)) AS p |> EXTEND a AS b |> SELECT TO_JSON_STRING(p)',
])('the alias after PIVOT names whole rows: %s', (sql) => {
  expect(useOf(sql, 'p.e.t').star).toBe(true);
});
