import { describe, expect, test } from 'vitest';
import { readSql } from '../../../src/sql/read-sql.ts';
import { tableName } from '../../../src/vocabulary/table.ts';

function read(sql: string) {
  return readSql(sql, { projectId: 'p', defaultDataset: { datasetId: 'd' } });
}

function tables(sql: string): readonly string[] {
  return read(sql)
    .tables.map((use) => tableName(use.table))
    .sort();
}

describe('reading names by scope finds the right tables for', () => {
  test.each([
    [
      'a common table expression that reads the table of the same name',
      'WITH t AS (SELECT x FROM t) SELECT x FROM t',
      ['p.d.t'],
    ],
    [
      'a common table expression of a subquery next to the table of the same name',
      'SELECT 1 FROM (WITH t AS (SELECT 1) SELECT * FROM t), t',
      ['p.d.t'],
    ],
    [
      'a common table expression read by a later one',
      'WITH a AS (SELECT 1 x), b AS (SELECT x FROM a) SELECT x FROM b',
      [],
    ],
    [
      'a common table expression that reads a name defined later',
      'WITH a AS (SELECT x FROM b), b AS (SELECT 1 x) SELECT x FROM a',
      ['p.d.b'],
    ],
    [
      'a recursive common table expression',
      'WITH RECURSIVE a AS (SELECT 1 x UNION ALL SELECT x + 1 FROM a WHERE x < 3) SELECT x FROM a',
      [],
    ],
    [
      'a common table expression for a whole UNION',
      'WITH a AS (SELECT 1) SELECT * FROM a UNION ALL SELECT * FROM a',
      [],
    ],
    [
      'a common table expression read in a subquery',
      'WITH a AS (SELECT 1 x) SELECT (SELECT MAX(x) FROM A)',
      [],
    ],
    ['an array of another table in the same FROM', 'SELECT 1 FROM e.t AS m, m.items', ['p.e.t']],
    ['an array of a table without an alias', 'SELECT 1 FROM e.t, t.items AS i, i.parts', ['p.e.t']],
    ['an array of a table in the outer query', 'SELECT (SELECT COUNT(*) FROM t.items) FROM e.t', ['p.e.t']],
    [
      'an array in a field of another table in the same FROM',
      'SELECT 1 FROM e.t AS m, m.a.b.items',
      ['p.e.t'],
    ],
    [
      'a table whose quoted name only begins with an alias',
      'SELECT 1 FROM e.t AS m, `m.e`.u, `m.e.v`, (SELECT 1 FROM `e.t` AS n, `n.e`.w)',
      ['m.e.u', 'm.e.v', 'n.e.w', 'p.e.t'],
    ],
    [
      'a table whose dataset has the name of a later alias',
      'SELECT 1 FROM m.items, e.t AS m',
      ['p.e.t', 'p.m.items'],
    ],
    [
      'a table in a subquery, which sees no alias of the FROM around it',
      'SELECT 1 FROM e.t AS m, (SELECT 1 FROM m.items)',
      ['p.e.t', 'p.m.items'],
    ],
    [
      'tables joined in parentheses',
      'SELECT 1 FROM e.a JOIN (e.b JOIN e.c USING (i)) USING (i)',
      ['p.e.a', 'p.e.b', 'p.e.c'],
    ],
    [
      'a function that a script creates',
      '/* a */ CREATE TEMP FUNCTION f(x INT64) AS (x + 1); SELECT f(x) FROM e.t',
      ['p.e.t'],
    ],
    ['a function that is dropped', 'DROP FUNCTION e.f', []],
    ['the table that a function reads', 'CREATE FUNCTION e.f() AS ((SELECT MAX(x) FROM e.t))', ['p.e.t']],
    [
      'a table function, and the table that it reads',
      'CREATE TABLE FUNCTION e.f(y INT64) AS SELECT x FROM e.t WHERE x = y',
      ['p.e.t'],
    ],
    [
      'a table next to a function of the same name',
      'CREATE TEMP FUNCTION t() AS (1); SELECT t() FROM t',
      ['p.d.t'],
    ],
    [
      'a table joined in parentheses whose dataset has the name of an alias outside them',
      'SELECT 1 FROM e.t AS m JOIN (m.items JOIN e.u ON TRUE) ON TRUE',
      ['p.e.t', 'p.e.u', 'p.m.items'],
    ],
    [
      'a table whose quoted path is also the name of a common table expression',
      'WITH `e.t` AS (SELECT 1 AS x) SELECT x FROM `e.t`',
      ['p.e.t'],
    ],
    ['a common table expression that is never read', 'WITH c AS (SELECT x FROM e.t) SELECT 1', ['p.e.t']],
    ['a table passed to a model', 'SELECT x FROM ML.PREDICT(MODEL e.m, TABLE e.t)', ['p.e.m', 'p.e.t']],
  ])('%s', (_what, sql, expected) => {
    expect(tables(sql)).toEqual(expected);
  });

  test.each([
    'SELECT * FROM (e.t JOIN e.u USING (i))',
    'SELECT q.* FROM e.t PIVOT (SUM(x) FOR y IN (1, 2)) AS q',
    'SELECT m.* FROM e.t AS m TABLESAMPLE SYSTEM (1 PERCENT)',
    'WITH t AS (SELECT * FROM e.t) SELECT x FROM t',
    'SELECT (SELECT AS STRUCT m.*) FROM e.t AS m',
    'SELECT e.t.* FROM e.t JOIN e.u AS e USING (i)',
    'SELECT address.* FROM e.t',
    'SELECT ARRAY(SELECT AS STRUCT m.*, i FROM UNNEST(m.items) AS i) FROM e.t AS m',
    'SELECT x FROM e.u WHERE i IN (SELECT (SELECT AS STRUCT t.*).i FROM e.t)',
    'SELECT x FROM e.u WHERE EXISTS (SELECT DISTINCT * FROM e.t)',
    'SELECT x FROM e.u WHERE EXISTS (SELECT * FROM e.t UNION DISTINCT SELECT * FROM e.v)',
    'SELECT x FROM e.u WHERE EXISTS (SELECT x FROM (SELECT DISTINCT * FROM e.t))',
  ])('a table with a star: %s', (sql) => {
    expect(read(sql).tables.find((use) => use.table.tableId === 't')?.star).toBe(true);
  });

  test.each([
    'SELECT 1 FROM e.t AS m WHERE TO_JSON_STRING(m) LIKE "%a%"',
    'SELECT COUNT(*) FROM e.t AS m GROUP BY FORMAT("%t", m)',
    'SELECT COUNT(*) FROM e.t AS m HAVING MAX(TO_JSON_STRING(m)) > ""',
    'SELECT x FROM e.t AS m ORDER BY TO_JSON_STRING(m)',
    'SELECT 1 FROM e.t AS m QUALIFY ROW_NUMBER() OVER (PARTITION BY TO_JSON_STRING(m)) = 1',
    'SELECT 1 FROM e.u JOIN e.t AS m ON TO_JSON_STRING(m) = u.x',
    'SELECT x.* FROM e.t, UNNEST([t]) AS x',
    'SELECT x.i FROM e.t AS m LEFT JOIN UNNEST([STRUCT(m AS n)]) AS x',
    'SELECT x.i FROM e.t AS m, UNNEST(ARRAY(SELECT m)) AS x',
    'SELECT 1 FROM e.t AS m WHERE EXISTS (SELECT 1 FROM e.u WHERE TO_JSON_STRING(m) = u.x)',
    'SELECT x FROM e.t AS m WHERE (SELECT AS STRUCT m).i = 1',
    'SELECT `p.e.t` FROM `p.e.t`',
    'SELECT TO_JSON_STRING(`e.t`) FROM `p.e.t`',
    'SELECT 1 FROM `p.e.t` WHERE TO_JSON_STRING(`p.e.t`) LIKE "%a%"',
    'SELECT x AS t FROM e.t WHERE TO_JSON_STRING(t) > ""',
    'SELECT x AS t FROM e.t GROUP BY x, TO_JSON_STRING(t)',
    'MERGE e.u USING e.t ON u.i = t.i WHEN NOT MATCHED THEN INSERT ROW',
    'MERGE e.u USING e.t AS m ON u.i = m.i WHEN MATCHED THEN UPDATE SET x = TO_JSON_STRING(m)',
    'UPDATE e.u SET x = TO_JSON_STRING(m) FROM e.t AS m WHERE u.i = m.i',
  ])('a table whose row is taken whole, which counts as a star: %s', (sql) => {
    expect(read(sql).tables.find((use) => use.table.tableId === 't')?.star).toBe(true);
  });

  test.each([
    'SELECT x FROM e.t WHERE t = 1 AND t IN (2) AND t BETWEEN 3 AND 4 OR NOT (t IS NULL) GROUP BY t ORDER BY t',
    'SELECT COUNT(x) AS t FROM e.t HAVING ABS(t) > 1 ORDER BY COALESCE(t, 0)',
    'SELECT x, ROW_NUMBER() OVER (ORDER BY y) AS t FROM e.t QUALIFY MOD(t, 2) = 1',
    'SELECT 1 FROM e.u WHERE EXISTS (SELECT * FROM e.t WHERE t.i = u.i)',
    'SELECT EXISTS ((SELECT t.* FROM e.t WHERE x = 1))',
    'SELECT 1 FROM e.u WHERE NOT EXISTS (SELECT t FROM e.t)',
    'SELECT i.x FROM e.t, UNNEST(t) AS i',
    'SELECT x FROM e.t AS m, UNNEST(m.items) AS i WHERE LOWER(m.x) = LOWER(i.t)',
    'SELECT x FROM e.t JOIN e.u USING (t)',
    'SELECT m.address.*, m.i FROM e.t AS m',
    'SELECT t.address.city.* FROM e.t',
    'SELECT x, (SELECT AS STRUCT m.address.*) AS a FROM e.t AS m',
    'SELECT x FROM e.t AS m WHERE EXISTS (SELECT 1 FROM e.u WHERE LOWER(u.x) = m.x)',
    'MERGE e.u USING (SELECT x FROM e.t) AS m ON u.i = m.i WHEN NOT MATCHED THEN INSERT ROW',
    'UPDATE e.u SET x = LOWER(m.x) FROM e.t AS m WHERE u.i = m.i',
  ])('a table of which only columns are taken, which is no star: %s', (sql) => {
    expect(read(sql).tables.find((use) => use.table.tableId === 't')?.star).toBe(false);
  });

  test('a star over a common table expression next to a table, which has no star', () => {
    expect(read('WITH c AS (SELECT 1 x) SELECT c.* FROM c, e.t').star).toBe(false);
  });
});
