import { describe, expect, test } from 'vitest';
import { removeOddLists } from '../../../src/sql/mending/remove-odd-lists.ts';
import { read, useOf } from '../readings.ts';

describe('lists that polyglot does not read', () => {
  test.each([
    ['SELECT ARRAY(WITH a AS (SELECT 1) SELECT 1)', 'SELECT      (WITH a AS (SELECT 1) SELECT 1)'],
    ['SELECT ARRAY(SELECT AS STRUCT a, b, ) FROM t', 'SELECT ARRAY(SELECT AS STRUCT a, b  ) FROM t'],
    ['WITH x AS (SELECT a,\n) SELECT 1', 'WITH x AS (SELECT a \n) SELECT 1'],
    ['FUNCTION f(a INT64 NOT AGGREGATE, b INT64)', 'FUNCTION f(a INT64              , b INT64)'],
    ['DECLARE a, b, c DEFAULT 1', 'DECLARE a       DEFAULT 1'],
    ['SELECT instr(f(a, b), [1, 2][0], 1, 2)', 'SELECT      (f(a, b), [1, 2][0], 1, 2)'],
  ])('are mended in place: %s', (sql, expected) => {
    expect(removeOddLists(sql)).toBe(expected);
  });

  test.each([
    'SELECT ARRAY(SELECT 1)',
    'SELECT a, b, FROM t',
    "SELECT ',)', 'ARRAY(WITH'",
    'SELECT f(a AND NOT aggregate)',
    'DECLARE a, b INT64 DEFAULT 1',
    "SELECT INSTR(a, 'x', 1), INSTR(f(a, b, c, d), 'x'), INSTR, d.INSTR(1, 2, 3, 4)",
  ])('are not found in %s', (sql) => {
    expect(removeOddLists(sql)).toBeNull();
  });

  test.each([
    'DECLARE a, b DEFAULT 5; SELECT x FROM e.t WHERE day = a',
    'CREATE TEMP FUNCTION f(a INT64) AS (a); DECLARE b, c DEFAULT (SELECT MAX(x) FROM e.t)',
  ])('are read: %s', (sql) => {
    expect(read(sql)).toMatchObject({ reader: 'polyglot', tables: [{ projected: ['x'] }] });
  });

  test('lose no column and no filter to INSTR', () => {
    const sql = "SELECT INSTR(x, '-', 1, n) AS p FROM e.t WHERE day = 1 AND INSTR(name, '-', 1, 2) > 0";

    expect(useOf(sql, 'p.e.t')).toMatchObject({
      projected: ['x', 'n'],
      filtered: ['day', 'name'],
      star: false,
    });
    expect(read(sql).functions).toEqual(['INSTR']);
  });

  test('hide no table and no column', () => {
    const sql = 'SELECT ARRAY(WITH a AS (SELECT b, c,) SELECT d FROM e.u WHERE f = 1) FROM e.t';

    expect(read(sql)).toMatchObject({ reader: 'polyglot', unreadReason: null });
    expect(useOf(sql, 'p.e.u')).toMatchObject({ projected: ['d'], filtered: ['f'] });
    expect(useOf(sql, 'p.e.t')).toMatchObject({ star: false });
  });
});
