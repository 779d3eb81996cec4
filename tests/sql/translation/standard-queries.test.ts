import { describe, expect, test } from 'vitest';
import { standardQueries } from '../../../src/sql/translation/standard-queries.ts';
import { tableName } from '../../../src/vocabulary/table.ts';
import { read, useOf } from '../readings.ts';

/** What a rule asks of a reading, apart from the text's own positions and fingerprint. */
function factsOf(sql: string) {
  const { reader, statement, star, limit, joinsWithoutCondition, subqueries, tables, functionRows } =
    read(sql);
  const uses = tables.map(({ table, ...use }) => {
    const sorted = Object.entries(use).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.toSorted() : value,
    ]);
    return [tableName(table), Object.fromEntries(sorted)] as const;
  });
  return {
    reader,
    statement,
    star,
    limit,
    joinsWithoutCondition,
    subqueries,
    functionRows,
    uses: new Map(uses),
  };
}

describe('a query in pipe syntax says what the same query in standard syntax says:', () => {
  test.each([
    ['FROM e.t', 'SELECT * FROM e.t'],
    [
      "FROM e.t |> WHERE day > '2026-01-01' |> WHERE a = 1",
      "SELECT * FROM e.t WHERE day > '2026-01-01' AND a = 1",
    ],
    [
      "FROM e.t |> WHERE day > '2026-01-01' |> SELECT a, b |> ORDER BY a |> LIMIT 10",
      "SELECT a, b FROM e.t WHERE day > '2026-01-01' ORDER BY a LIMIT 10",
    ],
    [
      'FROM e.t |> AGGREGATE SUM(x) AS s, GROUP BY a DESC, b AS c |> ORDER BY s',
      'SELECT a, b AS c, SUM(x) AS s FROM e.t GROUP BY a, b ORDER BY s',
    ],
    [
      'FROM e.t |> AGGREGATE COUNT(*) AS n GROUP BY ROLLUP(a, b)',
      'SELECT a, b, COUNT(*) AS n FROM e.t GROUP BY ROLLUP(a, b)',
    ],
    [
      "FROM e.t |> AGGREGATE SUM(x) AS s GROUP AND ORDER BY day |> WHERE day > '2026-01-01'",
      "WITH s AS (SELECT day, SUM(x) AS s FROM e.t GROUP BY day) SELECT day, s FROM s WHERE day > '2026-01-01'",
    ],
    [
      'FROM e.t AS t JOIN e.u AS u USING (k) |> SELECT t.a, u.b',
      'SELECT t.a, u.b FROM e.t AS t JOIN e.u AS u USING (k)',
    ],
    [
      "FROM e.t |> WHERE day > '2026-01-01' |> LEFT JOIN e.u ON t.k = u.k |> SELECT t.a, u.b",
      "SELECT t.a, u.b FROM e.t LEFT JOIN e.u ON t.k = u.k WHERE t.day > '2026-01-01'",
    ],
    ['FROM e.t |> CROSS JOIN e.u |> SELECT t.a, u.b', 'SELECT t.a, u.b FROM e.t CROSS JOIN e.u'],
    ['FROM e.t |> AS x |> SELECT x.a', 'SELECT x.a FROM e.t AS x'],
    ['FROM e.t |> DISTINCT', 'SELECT DISTINCT * FROM e.t'],
    ['FROM e.t |> SELECT a |> DISTINCT', 'WITH s AS (SELECT a FROM e.t) SELECT DISTINCT * FROM s'],
    [
      'FROM e.t |> UNION ALL (FROM e.u), (SELECT * FROM e.v)',
      'SELECT * FROM e.t UNION ALL SELECT * FROM e.u UNION ALL SELECT * FROM e.v',
    ],
    ['FROM e.t |> EXCEPT DISTINCT (FROM e.u)', 'SELECT * FROM e.t EXCEPT DISTINCT SELECT * FROM e.u'],
    [
      'FROM e.t |> PIVOT (SUM(x) FOR q IN (1, 2)) AS p |> SELECT p.a',
      'SELECT p.a FROM e.t PIVOT (SUM(x) FOR q IN (1, 2)) AS p',
    ],
    ['FROM e.t |> UNPIVOT (x FOR q IN (a, b))', 'SELECT * FROM e.t UNPIVOT (x FOR q IN (a, b))'],
    ['FROM e.t |> TABLESAMPLE SYSTEM (1 PERCENT)', 'SELECT * FROM e.t TABLESAMPLE SYSTEM (1 PERCENT)'],
    ['SELECT a FROM e.t WHERE b = 1 |> LIMIT 5', 'SELECT a FROM e.t WHERE b = 1 LIMIT 5'],
    [
      'SELECT a FROM e.t UNION ALL SELECT a FROM e.u |> LIMIT 5',
      'SELECT a FROM e.t UNION ALL SELECT a FROM e.u',
    ],
    [
      'WITH c AS (FROM e.t |> WHERE day = @d) FROM c |> SELECT a',
      'WITH c AS (SELECT * FROM e.t WHERE day = @d) SELECT a FROM c',
    ],
    [
      'SELECT a FROM e.t WHERE EXISTS (FROM e.u |> WHERE u.k = t.k)',
      'SELECT a FROM e.t WHERE EXISTS (SELECT * FROM e.u WHERE u.k = t.k)',
    ],
    ['SELECT ARRAY(FROM t.xs |> SELECT y) FROM e.t', 'SELECT ARRAY(SELECT y FROM t.xs) FROM e.t'],
    ['SELECT a FROM (FROM e.t |> SELECT a, b)', 'SELECT a FROM (SELECT a, b FROM e.t)'],
    ['CREATE TABLE e.x AS FROM e.t |> SELECT a', 'CREATE TABLE e.x AS SELECT a FROM e.t'],
    ['INSERT INTO e.x (a) FROM e.t |> SELECT a', 'INSERT INTO e.x (a) SELECT a FROM e.t'],
    ['FROM e.t -- all of it |> SELECT a\n|> WHERE b = 1', 'SELECT * FROM e.t WHERE b = 1'],
  ])('%s', (piped, standard) => {
    const { limit: _limit, ...facts } = factsOf(piped);
    const { limit: _other, ...expected } = factsOf(standard);

    expect(facts).toEqual(expected);
    expect(facts.reader).toBe('polyglot');
  });
});

describe('a query in brackets after its WITH says what it says without them:', () => {
  test.each([
    [
      'WITH c AS (SELECT * FROM e.t) (SELECT a FROM c) ORDER BY a LIMIT 5',
      'WITH c AS (SELECT * FROM e.t) SELECT a FROM c ORDER BY a LIMIT 5',
    ],
    [
      "WITH c AS (SELECT * FROM e.t) (WITH d AS (SELECT b FROM e.u) SELECT a FROM c JOIN d ON a = b WHERE a = '1')",
      "WITH c AS (SELECT * FROM e.t), d AS (SELECT b FROM e.u) SELECT a FROM c JOIN d ON a = b WHERE a = '1'",
    ],
    [
      'WITH c AS (SELECT a FROM e.t) ((SELECT a FROM c) UNION ALL (SELECT a FROM e.u)) LIMIT 5',
      'WITH c AS (SELECT a FROM e.t) SELECT a FROM c UNION ALL SELECT a FROM e.u',
    ],
    [
      'CREATE TABLE e.x AS (WITH c AS (SELECT a FROM e.t) ((WITH d AS (SELECT a FROM c) SELECT a FROM d)))',
      'CREATE TABLE e.x AS (WITH c AS (SELECT a FROM e.t), d AS (SELECT a FROM c) SELECT a FROM d)',
    ],
  ])('%s', (bracketed, plain) => {
    const { limit: _limit, ...facts } = factsOf(bracketed);
    const { limit: _other, ...expected } = factsOf(plain);

    expect(facts).toEqual(expected);
    expect(facts.reader).toBe('polyglot');
  });
});

describe('the columns that pipes pass on', () => {
  test('are all read if nothing narrows them', () => {
    expect(read('FROM e.t |> EXTEND a + 1 AS b |> WHERE c = 1').star).toBe(true);
    expect(read('FROM e.t |> EXTEND a + 1 AS b |> SELECT *').star).toBe(true);
    expect(read('FROM e.t |> EXTEND a + 1 AS b |> SELECT t.*').star).toBe(true);
    expect(read('FROM e.t |> SET a = 1 |> UNION ALL (FROM e.u |> SELECT a)').star).toBe(true);
  });

  test('are those that later operators name, if one of these narrows them', () => {
    const use = useOf('FROM e.t |> EXTEND a + 1 AS b |> DROP x |> RENAME c AS d |> SELECT b, d', 'p.e.t');

    expect(use).toMatchObject({ star: false, projected: ['a', 'c'] });
  });

  test.each([
    'SELECT TO_JSON_STRING(t)',
    'AGGREGATE ARRAY_AGG(t) AS r',
    'SELECT (SELECT AS STRUCT t.*)',
    'EXTEND TO_JSON_STRING(t) AS j |> SELECT j',
    'DISTINCT |> SELECT b',
    'CALL d.f(1) |> SELECT b',
    'SELECT e.t.secret',
  ])('are all read if rows are taken whole before they are narrowed: %s', (operator) => {
    expect(useOf(`FROM e.t |> EXTEND a AS b |> ${operator}`, 'p.e.t').star).toBe(true);
  });

  test('of joined rows keep the names of these', () => {
    const sql = 'FROM e.t JOIN e.u USING (k) |> EXTEND t.a * u.b AS c |> SELECT c, t.x';

    expect(useOf(sql, 'p.e.t')).toMatchObject({ star: false, projected: expect.arrayContaining(['a', 'x']) });
    expect(useOf(sql, 'p.e.u')).toMatchObject({ star: false, projected: ['b'] });
  });

  test('of joined rows count as all of them where their names are lost', () => {
    const sql = 'FROM e.t JOIN e.u USING (k) |> EXTEND SUM(a) OVER () AS s |> SELECT t.secret';

    expect(useOf(sql, 'p.e.t').star).toBe(true);
  });
});

describe('a filter in pipes filters the table', () => {
  test.each([
    'WHERE day > @d',
    'SELECT a, day |> WHERE day > @d',
    'EXTEND DATE(day) AS d |> WHERE d > @d',
    'RENAME day AS d |> WHERE d > @d',
    'AGGREGATE COUNT(*) AS n GROUP BY day |> WHERE day > @d',
    'WHERE day > @d |> JOIN e.u USING (k)',
    'EXTEND COUNT(*) OVER (PARTITION BY day) AS n |> WHERE day > @d',
    'ORDER BY a |> WHERE day > @d',
  ])('if nothing before it needs other rows: %s', (operators) => {
    expect(useOf(`FROM e.t |> ${operators}`, 'p.e.t').filtered).toContain('day');
  });

  test.each([
    'LIMIT 10 |> WHERE day > @d',
    'SET day = CURRENT_DATE() |> WHERE day > @d',
    'AGGREGATE MAX(day) AS day |> WHERE day > @d',
    'EXTEND COUNT(*) OVER () AS n |> WHERE day > @d',
    'WHERE COUNT(*) OVER () > 1 |> WHERE day > @d',
    'JOIN e.u USING (k) |> EXTEND COUNT(*) OVER () AS n |> WHERE t.day > @d',
    'JOIN e.u USING (k) |> WHERE COUNT(*) OVER () > 1 |> WHERE t.day > @d',
    'JOIN e.u USING (k) |> LIMIT 5 |> WHERE t.day > @d',
    'JOIN e.u USING (k) |> EXTEND u.day AS day |> WHERE day > @d',
    'RIGHT JOIN e.u USING (k) |> WHERE t.day > @d',
    'EXCEPT DISTINCT (FROM e.u) |> WHERE day > @d',
  ])('and not otherwise: %s', (operators) => {
    expect(useOf(`FROM e.t |> ${operators}`, 'p.e.t').filtered).not.toContain('day');
  });
});

describe('common tables in pipes', () => {
  test('are seen by what follows, and hide no table before them', () => {
    const tables = read(
      'FROM secret |> WITH secret AS (FROM e.u |> SELECT k) |> JOIN secret USING (k)',
    ).tables;

    expect(tables.map(({ table }) => tableName(table)).toSorted()).toEqual(['p.d.secret', 'p.e.u']);
  });

  test('may end with a comma', () => {
    expect(read('SELECT 1 AS k |> WITH a AS (FROM e.t), |> JOIN a USING (k)').tables).toHaveLength(1);
  });
});

describe('findings have the places of what was written', () => {
  test.each([
    ["FROM e.t |> WHERE day >= '2026-01-01' |> SELECT a", 'unbounded-date-range', "day >= '2026-01-01'"],
    ['FROM e.t |> WHERE a = 1', 'select-star', 'FROM'],
    ['FROM e.u |> SELECT x |> CROSS JOIN e.t', 'no-partition-filter', 'e.t'],
    ['FROM e.t |> AGGREGATE COUNT(DISTINCT a) AS n', 'exact-count-distinct', 'COUNT(DISTINCT a)'],
    ['FROM e.t |> ORDER BY a', 'order-by-without-limit', 'ORDER BY a'],
    ["-- 🎉🎉\nFROM e.t |> WHERE a = '🎉' |> ORDER BY a", 'order-by-without-limit', 'ORDER BY a'],
    ['SELECT a /* 🎉 */ FROM e.t ORDER BY b', 'order-by-without-limit', 'ORDER BY b'],
    ['/* 🎉🎉 */ IF x THEN SELECT 1; END IF; /* 🎉 */ SELECT * FROM e.t', 'select-star', '*'],
  ])('%s', (sql, name, written) => {
    const spans = read(sql)
      .antiPatterns.filter((finding) => finding.name === name)
      .map(({ span }) => sql.slice(span.start, span.end));

    expect(spans).toContain(written);
  });
});

describe('SQL with pipes is not translated', () => {
  test.each([
    ['with an operator that BigQuery does not have', 'FROM e.t |> ASSERT a = 1'],
    ['with brackets that nothing closes', 'FROM e.t |> WHERE (a = 1'],
    ['where a pipe follows no query', 'UPDATE e.t SET a = 1 WHERE TRUE |> LIMIT 1'],
    [
      'with more steps in a subquery than the parser follows',
      `SELECT (FROM e.t ${'|> LIMIT 1 '.repeat(20)})`,
    ],
    ['with a clause after an operator', 'FROM e.t |> ORDER BY a LIMIT 5 |> WHERE day > @d'],
    ['with another query after FROM', 'FROM e.t UNION ALL SELECT * FROM e.u |> WHERE day > @d'],
    ['with another query after an operator', 'FROM e.t |> LIMIT 5 EXCEPT DISTINCT SELECT * FROM e.u'],
    ['with a query in ROLLUP, which is written twice', 'FROM e.t |> AGGREGATE GROUP BY ROLLUP((SELECT 1))'],
  ])('%s', (_what, sql) => {
    expect(standardQueries(sql)).toBe(null);
  });
});

test('a thousand operators take as many steps, none inside another', () => {
  const use = useOf(`FROM e.t ${'|> LIMIT 10 |> WHERE a = 1 '.repeat(500)}|> SELECT b`, 'p.e.t');

  expect(use).toMatchObject({ star: false, projected: ['b'], filtered: [] });
});
