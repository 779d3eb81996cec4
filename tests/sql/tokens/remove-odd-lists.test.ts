import { describe, expect, test } from 'vitest';
import { removeOddLists } from '../../../src/sql/tokens/remove-odd-lists.ts';
import { read, useOf } from '../readings.ts';

describe('lists that polyglot does not read', () => {
  test.each([
    ['SELECT ARRAY(WITH a AS (SELECT 1) SELECT 1)', 'SELECT      (WITH a AS (SELECT 1) SELECT 1)'],
    ['SELECT ARRAY(SELECT AS STRUCT a, b, ) FROM t', 'SELECT ARRAY(SELECT AS STRUCT a, b  ) FROM t'],
    ['WITH x AS (SELECT a,\n) SELECT 1', 'WITH x AS (SELECT a \n) SELECT 1'],
  ])('are mended in place: %s', (sql, expected) => {
    expect(removeOddLists(sql)).toBe(expected);
  });

  test.each(['SELECT ARRAY(SELECT 1)', 'SELECT a, b, FROM t', "SELECT ',)', 'ARRAY(WITH'"])(
    'are not found in %s',
    (sql) => {
      expect(removeOddLists(sql)).toBeNull();
    },
  );

  test('hide no table and no column', () => {
    const sql = 'SELECT ARRAY(WITH a AS (SELECT b, c,) SELECT d FROM e.u WHERE f = 1) FROM e.t';

    expect(read(sql)).toMatchObject({ reader: 'polyglot', unreadReason: null });
    expect(useOf(sql, 'p.e.u')).toMatchObject({ projected: ['d'], filtered: ['f'] });
    expect(useOf(sql, 'p.e.t')).toMatchObject({ star: false });
  });
});
