import { describe, expect, test } from 'vitest';
import { useOf } from '../readings.ts';
import { useOfT } from './use-of-t.ts';

describe('a column that the SQL gives to no table filters it if the column is its own:', () => {
  test.each([
    "SELECT x FROM e.t JOIN e.u ON t.i = u.i WHERE day >= '2026-11-01'",
    "SELECT x FROM (SELECT * FROM e.t AS a JOIN e.u AS b ON a.i = b.i) AS v WHERE `day` >= DATE '2026-11-01'",
    "WITH c AS (SELECT day, x FROM e.t JOIN e.u ON t.i = u.i) SELECT SUM(x) FROM c WHERE day = '2026-11-01'",
    "WITH c AS (SELECT * FROM e.t) SELECT 1 FROM c JOIN e.u USING (i) WHERE day = '2026-11-01'",
    "SELECT x FROM e.t JOIN e.u USING (i) WHERE day = '2026-11-01' OR day = '2026-11-02'",
    "SELECT x FROM e.t LEFT JOIN e.u USING (i) WHERE day > '2026-11-01'",
    "UPDATE e.t SET x = 1 FROM e.u WHERE t.i = u.i AND day = '2026-11-01'",
  ])('%s', (sql) => {
    expect(useOfT(sql)).toMatchObject({ filtered: [], filteredIfOwn: ['day'] });
    expect(useOfT(sql).tested).toContain('day');
  });
});

describe('compared with a variable, it filters the table unless some table has a column of that name:', () => {
  test.each([
    ['DECLARE since DATE; SELECT x FROM e.t JOIN e.u ON t.i = u.i WHERE day >= since', ['since']],
    [
      'DECLARE Since, until DATE; SELECT x FROM e.t JOIN e.u USING (i) WHERE day BETWEEN SINCE AND DATE_SUB(until, INTERVAL 1 DAY)',
      ['since', 'until'],
    ],
    [
      'DECLARE since DATE; WITH c AS (SELECT * FROM e.t) SELECT 1 FROM c JOIN e.u USING (i) WHERE day = since',
      ['since'],
    ],
    [
      'DECLARE span STRUCT<since DATE>; SELECT x FROM e.t JOIN e.u USING (i) WHERE day >= span.since',
      ['span'],
    ],
    [
      'FOR r IN (SELECT since FROM e.v) DO SELECT x FROM e.t JOIN e.u USING (i) WHERE day >= r.since; END FOR',
      ['r'],
    ],
    [
      'CREATE TABLE FUNCTION e.f(Since DATE) AS SELECT x FROM e.t JOIN e.u USING (i) WHERE day >= since',
      ['since'],
    ],
  ])('%s', (sql, comparedVariables) => {
    const use = useOfT(sql);

    expect(use).toMatchObject({ filtered: [], comparedVariables });
    expect(use.filteredIfOwn).toContain('day');
    expect(use.tested).toEqual(expect.arrayContaining(comparedVariables));
  });

  test('no variable is named where there is none beside it', () => {
    const sql = "DECLARE since DATE; SELECT 1 FROM e.t JOIN e.u USING (i) WHERE day = '2026-11-01'";

    expect(useOfT(sql)).not.toHaveProperty('comparedVariables');
  });
});

describe('the suffix of a wildcard table is its own, whatever tables are beside it:', () => {
  const useOfWildcard = (sql: string) => useOf(sql, 'p.e.w_*');

  test.each([
    "SELECT x FROM `e.w_*` JOIN e.u USING (i) WHERE _TABLE_SUFFIX = '1'",
    "SELECT x FROM `p.e.w_*` AS w LEFT JOIN e.u ON w.i = u.i WHERE _table_suffix BETWEEN '1' AND '3'",
    "SELECT x FROM e.u JOIN (SELECT * FROM `e.w_*` WHERE _TABLE_SUFFIX > '1') AS w USING (i)",
  ])('%s', (sql) => {
    expect(useOfWildcard(sql).filtered).toEqual(['_table_suffix']);
    expect(useOf(sql, 'p.e.u')).not.toHaveProperty('tested');
  });

  test.each([
    "SELECT x FROM e.u LEFT JOIN `e.w_*` AS w USING (i) WHERE _TABLE_SUFFIX = '1'",
    "SELECT x FROM `e.w_*` JOIN `e.v_*` USING (i) WHERE _TABLE_SUFFIX = '1'",
  ])('but it does not filter it in %s', (sql) => {
    expect(useOfWildcard(sql).filtered).toEqual([]);
  });
});

describe('it filters nothing, whoever owns it,', () => {
  test.each([
    [
      'after a LIMIT',
      "SELECT 1 FROM (SELECT * FROM e.t LIMIT 9) JOIN e.u USING (i) WHERE day = '2026-11-01'",
    ],
    [
      'of the side that an outer join pads',
      "SELECT 1 FROM e.u LEFT JOIN e.t USING (i) WHERE day = '2026-11-01'",
    ],
    [
      'beside a function, of which nothing is known',
      "SELECT 1 FROM e.t JOIN e.f(1) USING (i) WHERE day > '2026-11-01'",
    ],
    ['if it is compared with itself', 'SELECT 1 FROM e.t JOIN e.u USING (i) WHERE day = day'],
    [
      'or with another one that may be the other table’s',
      'SELECT 1 FROM e.t JOIN e.u USING (i) WHERE day = x',
    ],
    [
      'or with two, of which one is a variable',
      'DECLARE since DATE; SELECT 1 FROM e.t JOIN e.u USING (i) WHERE day BETWEEN since AND x',
    ],
    ['in one branch of an OR', "SELECT 1 FROM e.t JOIN e.u USING (i) WHERE day = '2026-11-01' OR x = 1"],
    [
      'if the table is read twice',
      "SELECT 1 FROM (SELECT * FROM e.t) AS a JOIN (SELECT * EXCEPT (day) FROM e.t) AS b USING (i) WHERE day = '2026-11-01'",
    ],
    [
      'also through a CTE',
      "WITH c AS (SELECT * FROM e.t) SELECT 1 FROM c AS a JOIN (SELECT * EXCEPT (day) FROM c) AS b USING (i) WHERE day = '2026-11-01'",
    ],
  ])('%s: %s', (_where, sql) => {
    expect(useOfT(sql)).not.toHaveProperty('filteredIfOwn');
    expect(useOfT(sql).filtered).toEqual([]);
  });
});
