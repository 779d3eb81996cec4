import { describe, expect, test } from 'vitest';
import { useOf } from '../readings.ts';

describe('a column counts as selected if', () => {
  test.each([
    'SELECT 1 FROM e.u WHERE id IN (SELECT x FROM e.t)',
    'SELECT 1 FROM e.u JOIN e.v ON u.id = (SELECT MAX(x) FROM e.t)',
    'SELECT 1 FROM e.u GROUP BY id HAVING COUNT(*) > (SELECT MAX(x) FROM e.t)',
    'SELECT 1 FROM e.u ORDER BY (SELECT MAX(x) FROM e.t)',
    'SELECT z FROM UNNEST(ARRAY(SELECT x FROM e.t)) AS z',
    'SELECT z FROM e.u, UNNEST(ARRAY(SELECT x FROM e.t)) AS z',
    'SELECT a FROM ML.PREDICT(MODEL e.m, (SELECT x FROM e.t))',
    'WITH c AS (SELECT x AS y FROM e.t) SELECT 1 FROM e.u WHERE id IN (SELECT y FROM c)',
  ])('a subquery anywhere selects it: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').projected).toContain('x');
  });

  test.each([
    'SELECT c FROM (SELECT x FROM e.t) AS c',
    'SELECT TO_JSON_STRING(c) FROM (SELECT x AS y FROM e.t) AS c',
    'WITH c AS (SELECT x FROM e.t) SELECT c FROM c',
    'WITH c AS (SELECT x FROM e.t) SELECT ARRAY_AGG(d) FROM c AS d',
    'WITH c AS (SELECT x FROM e.t) SELECT (SELECT AS STRUCT c) FROM c',
  ])('a row that has it is taken whole: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').projected).toContain('x');
  });

  test.each([
    'SELECT i FROM e.t, UNNEST(x) AS i',
    'SELECT i.sku FROM e.t AS a CROSS JOIN UNNEST(a.x) AS i',
    'SELECT i FROM e.t, t.x AS i',
    'SELECT i.sku FROM e.t AS a, a.x.y AS i',
    'SELECT i FROM e.t AS a LEFT JOIN a.x AS i',
    'SELECT 1 FROM e.t AS a WHERE EXISTS (SELECT 1 FROM a.x AS i WHERE i.sku = 1)',
    'SELECT i FROM (SELECT x FROM e.t) AS c, c.x AS i',
  ])('its elements are taken as rows: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').projected).toContain('x');
  });
});

describe('a column that may go on under any name counts as selected:', () => {
  test.each([
    [
      'under a star, whose columns have unknown places',
      'SELECT a FROM (SELECT * FROM e.u UNION ALL SELECT secret, b FROM e.t)',
    ],
    [
      'under the last columns of a star',
      'SELECT a FROM (SELECT * REPLACE (1 AS c) FROM e.u UNION ALL SELECT *, secret AS b FROM e.t)',
    ],
    ['under rows of a function', 'SELECT a FROM (SELECT * FROM e.f(1) UNION ALL SELECT secret FROM e.t)'],
    [
      'of a recursive table, which may read it by any place',
      'WITH RECURSIVE c AS (SELECT a AS x, secret AS y FROM e.t UNION ALL SELECT y, x FROM c) SELECT x FROM c',
    ],
    [
      'of a table that an earlier one reads',
      'WITH RECURSIVE b AS (SELECT x AS y FROM c), c AS (SELECT secret AS x FROM e.t) SELECT y FROM b',
    ],
  ])('%s', (_where, sql) => {
    expect(useOf(sql, 'p.e.t').projected).toContain('secret');
  });

  test('but not where places are known', () => {
    const sql = 'SELECT a FROM (SELECT a, b FROM e.u UNION ALL SELECT c, secret FROM e.t)';

    expect(useOf(sql, 'p.e.t').projected).toEqual(['c']);
  });
});
