import { describe, expect, test } from 'vitest';
import { standardQueries } from '../../../../src/sql/translation/standard-queries.ts';
import { useOf } from '../../readings.ts';

describe('a column that a later operator names by its row, although a new one has its name, is not translated:', () => {
  test.each([
    'FROM e.t AS x |> SET secret = 1 |> SELECT x.secret',
    'FROM e.t |> EXTEND 1 AS `secret` |> LIMIT 3 |> SELECT T.Secret',
    'FROM e.t AS x |> SET secret = 1 |> SELECT `x`.`secret`',
    'FROM e.t AS `x` |> SET `secret` = 1 |> SELECT x.secret',
    'FROM e.t |> RENAME a AS secret |> AGGREGATE MAX(t.secret) AS m',
    'FROM e.t |> EXTEND s.secret |> SELECT t.secret',
    'FROM e.t AS x |> SET day = a |> WHERE x.day > @d',
    'FROM e.t AS x |> SET secret = 1 |> JOIN e.u USING (k) |> SELECT x.secret',
    'FROM e.t JOIN e.u USING (k) |> EXTEND 1 AS t |> SELECT t.secret',
  ])('%s', (sql) => {
    expect(standardQueries(sql)).toBe(null);
  });
});

describe('a column that the same operator names by its row, or a later one whose name is not taken, is read:', () => {
  test.each([
    'FROM e.t AS x |> SET a = x.secret |> SELECT a',
    'FROM e.t AS x |> EXTEND 1 AS a |> SELECT x.secret, a',
    'FROM e.t |> EXTEND t.secret |> SELECT t.secret',
    'FROM e.t |> DROP secret |> SELECT t.secret',
    'FROM e.t |> RENAME secret AS a |> SELECT a',
    'FROM (FROM e.t |> SELECT secret, 1 AS one) AS x |> DROP secret |> SELECT x.secret',
    'FROM (FROM e.t |> SELECT secret) AS x |> DROP secret |> SELECT x.secret',
    'FROM (FROM e.t |> SELECT secret) AS x |> RENAME secret AS a |> SELECT x.secret',
    'FROM e.t JOIN e.u USING (k) |> SET secret = 1 |> SELECT t.secret',
    'FROM e.t, UNNEST([1]) AS i |> SET secret = UPPER(secret) |> SELECT secret',
  ])('%s', (sql) => {
    expect(useOf(sql, 'p.e.t')).toMatchObject({ star: false, projected: ['secret'] });
  });
});

test('a condition on joined rows keeps its column when a new one gets the same name', () => {
  const sql = 'FROM e.t, UNNEST([1]) AS i |> WHERE secret = 1 |> EXTEND 2 AS secret |> SELECT secret';

  expect(useOf(sql, 'p.e.t')).toMatchObject({ star: true, filtered: ['secret'] });
});

describe('a new column does not take the place of one of its name', () => {
  test.each([
    ['in the order before it', 'ORDER BY secret |> SELECT a AS secret'],
    [
      'in the order before it, with a step between',
      'ORDER BY secret |> DROP b |> SET secret = a |> SELECT secret',
    ],
    ['in the order before a list without it', 'ORDER BY secret |> SELECT a AS b |> EXTEND b AS c'],
    ['in a condition on windows', 'WHERE secret > COUNT(*) OVER () |> SELECT a AS secret'],
    ['in one, if a star passes it on', 'WHERE secret > COUNT(*) OVER () |> SET secret = a |> SELECT secret'],
    ['in one, of joined rows', 'JOIN e.u USING (k) |> WHERE secret > COUNT(*) OVER () |> SELECT a AS secret'],
  ])('%s: %s', (_where, operators) => {
    const { star, projected, tested = [] } = useOf(`FROM e.t |> ${operators}`, 'p.e.t');

    expect(star || [...projected, ...tested].includes('secret')).toBe(true);
  });

  test('if it is the same column, by the name of its row', () => {
    const sql =
      'FROM e.t JOIN e.u USING (k) |> WHERE day > COUNT(*) OVER () |> ORDER BY day |> SELECT t.day, u.b';

    expect(useOf(sql, 'p.e.t')).toMatchObject({ star: false, projected: ['day'] });
  });
});

describe('a row that is taken whole counts as a star, in backticks or without:', () => {
  test.each([
    'FROM e.t AS `x` |> EXTEND 1 AS a |> SELECT TO_JSON_STRING(x)',
    'FROM e.t AS x |> EXTEND 1 AS a |> SELECT TO_JSON_STRING(`x`)',
    'FROM e.t |> AS `x` |> SET a = 1 |> SELECT TO_JSON_STRING(x)',
  ])('%s', (sql) => {
    expect(useOf(sql, 'p.e.t').star).toBe(true);
  });
});
