import { describe, expect, test } from 'vitest';
import { read, useOf } from '../readings.ts';

describe('filtered columns are', () => {
  test.each([
    ['a subquery', 'SELECT y FROM (SELECT x AS y, day FROM e.t) WHERE day > 1', ['day']],
    ['a star', 'WITH c AS (SELECT * FROM e.t) SELECT x FROM c WHERE day > 1', ['day']],
    [
      'renamed columns',
      'WITH c AS (SELECT day AS d FROM e.t), b AS (SELECT d AS f FROM c) SELECT 1 FROM b WHERE f > 1',
      ['day'],
    ],
    ['an expression', "SELECT 1 FROM (SELECT DATE(day) AS d FROM e.t) WHERE d > '2026-01-01'", ['day']],
    [
      'a set operation, by position',
      'SELECT 1 FROM (SELECT x, day AS d FROM e.t UNION ALL SELECT 1, 2) WHERE d > 1',
      ['day'],
    ],
    ['a qualified name', 'SELECT 1 FROM e.t AS m JOIN e.u USING (i) WHERE m.day > 1', ['day']],
    [
      'a full path, as Metabase writes it',
      'SELECT 1 FROM `p.e.t` LEFT JOIN e.u USING (i) WHERE `p.e.t`.`day` > 1',
      ['day'],
    ],
    ['a field of a column', 'SELECT 1 FROM e.t WHERE day.start > 1 AND t.other.start > 1', ['day', 'other']],
    [
      'a join with a subquery without a column of that name',
      'SELECT 1 FROM e.t, (SELECT 1 AS i) AS c WHERE day > i',
      ['day'],
    ],
    [
      'a join with a subquery that has a column of that name, with no result',
      'SELECT 1 FROM e.t, (SELECT 1 AS day) AS c WHERE day > 1',
      [],
    ],
    [
      'PIVOT',
      'SELECT * FROM (SELECT x, y, day FROM e.t) PIVOT (SUM(x) FOR y IN (1, 2)) WHERE day > 1',
      ['day'],
    ],
    ['parentheses around joins', 'SELECT 1 FROM (e.t JOIN e.u USING (i)) WHERE t.day > 1', ['day']],
    ['a statement that creates a table', 'CREATE TABLE e.n AS SELECT x FROM e.t WHERE day > 1', ['day']],
  ])('followed through %s', (_what, sql, filtered) => {
    expect(useOf(sql, 'p.e.t').filtered.toSorted()).toEqual(filtered);
  });

  test.each([
    'SELECT 1 FROM e.t WHERE day > 1 UNION ALL SELECT 2 FROM e.t',
    'SELECT 1 FROM e.t AS a JOIN e.t AS b USING (i) WHERE a.day > 1',
    'SELECT 1 FROM e.t WHERE day > 1 AND i IN (SELECT i FROM e.t)',
    'INSERT INTO e.t (x) SELECT x FROM e.t WHERE day > 1 UNION ALL SELECT x FROM e.t',
  ])('none if the table is not filtered at each reference: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').filtered).toEqual([]);
  });

  test.each([
    ['a UNION', 'SELECT x FROM c WHERE day > 1 UNION ALL SELECT x FROM c'],
    ['a self-join', 'SELECT 1 FROM c AS l JOIN c AS r USING (i) WHERE l.day > 1'],
    ['an IN subquery', 'SELECT x FROM c WHERE day > 1 AND i IN (SELECT i FROM c)'],
    ['a filter on another column', 'SELECT x FROM c WHERE day > 1 UNION ALL SELECT x FROM c WHERE x > 1'],
  ])('none if only one of two references to a common table expression is filtered: %s', (_what, query) => {
    expect(useOf(`WITH c AS (SELECT * FROM e.t) ${query}`, 'p.e.t').filtered).toEqual([]);
    expect(useOf(`WITH c AS (SELECT x, i, day FROM e.t) ${query}`, 'p.e.t').filtered).toEqual([]);
  });

  test.each([
    'WITH c AS (SELECT * FROM e.t), d AS (SELECT * FROM c WHERE day > 1) SELECT x FROM d UNION ALL SELECT x FROM c',
    'WITH c AS (SELECT * FROM e.t), d AS (SELECT * FROM c) SELECT x FROM d WHERE day > 1 UNION ALL SELECT x FROM d',
    'WITH RECURSIVE a AS (SELECT x FROM c), c AS (SELECT * FROM e.t) SELECT x FROM c WHERE day > 1 UNION ALL SELECT x FROM a',
    'WITH RECURSIVE c AS (SELECT x, day FROM e.t UNION ALL SELECT x, day FROM c) SELECT x FROM c WHERE day > 1',
  ])(
    'none if an unfiltered reference comes from another common table expression or from itself: %s',
    (sql) => {
      expect(useOf(sql, 'p.e.t').filtered).toEqual([]);
    },
  );

  test.each([
    'WITH c AS (SELECT x FROM e.t WHERE day > 1) SELECT x FROM c UNION ALL SELECT x FROM c',
    'WITH c AS (SELECT * FROM e.t) SELECT x FROM c WHERE day > 1',
    'WITH c AS (SELECT * FROM e.t) SELECT x FROM c WHERE day > 1 UNION ALL SELECT x FROM c WHERE day > 2',
    'WITH c AS (SELECT x, day, day AS d FROM e.t) SELECT x FROM c WHERE day > 1 UNION ALL SELECT x FROM c WHERE d > 2',
    'WITH c AS (SELECT * FROM e.t), d AS (SELECT * FROM c WHERE day > 1) SELECT x FROM d UNION ALL SELECT x FROM d',
    'WITH c AS (SELECT * FROM e.t), d AS (SELECT * FROM c) SELECT x FROM d WHERE day > 1 UNION ALL SELECT x FROM c WHERE day > 2',
    'WITH RECURSIVE c AS (SELECT * FROM e.t) SELECT x FROM c WHERE day > 1',
  ])('those that all references to a common table expression share: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').filtered).toEqual(['day']);
  });

  test('accompanied by grouped columns, given by alias or by position', () => {
    expect(useOf('SELECT day AS d, COUNT(*) FROM e.t GROUP BY d', 'p.e.t').grouped).toEqual(['day']);
    expect(useOf('SELECT day AS d, COUNT(*) FROM e.t GROUP BY 1', 'p.e.t').grouped).toEqual(['day']);
  });

  test('found within the time limit in deeply chained common table expressions', () => {
    const level = (i: number, list: string) => `a${i + 1} AS (SELECT ${list} FROM a${i} AS l, a${i} AS r)`;
    const levels = (list: string) =>
      `WITH a0 AS (SELECT x FROM e.t), ${Array.from({ length: 60 }, (_, i) => level(i, list)).join(', ')}`;

    expect(useOf(`${levels('l.x + r.x AS x')} SELECT x FROM a60`, 'p.e.t').projected).toEqual(['x']);
    expect(useOf(`${levels('*')} SELECT x FROM a60`, 'p.e.t').star).toBe(false);
    expect(read(`SELECT x FROM e.t${' UNION ALL SELECT x FROM e.t'.repeat(200)}`).reader).toBe('polyglot');
  }, 30_000);
});
