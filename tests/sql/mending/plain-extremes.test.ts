import { describe, expect, test } from 'vitest';
import { plainExtremes } from '../../../src/sql/mending/plain-extremes.ts';
import { read, useOf } from '../readings.ts';

describe('HAVING MAX in a call', () => {
  test.each([
    ['SELECT COUNT(x HAVING MAX y)', 'SELECT COUNT(x OR         y)'],
    ['SELECT COUNTIF((SELECT 1) > x HAVING MIN (y))', 'SELECT COUNTIF((SELECT 1) > x OR         (y))'],
  ])('is mended in place: %s', (sql, expected) => {
    expect(plainExtremes(sql)).toBe(expected);
  });

  test.each([
    'SELECT ARRAY(SELECT x FROM t GROUP BY x HAVING MAX(y) > 1)',
    'SELECT COUNT(x) FROM t HAVING MAX(y) > 1',
    'SELECT ARRAY_AGG(x IGNORE NULLS HAVING MAX y)',
    "SELECT 'COUNT(x HAVING MAX y)'",
  ])('is not found in %s', (sql) => {
    expect(plainExtremes(sql)).toBeNull();
  });
});

describe('is read', () => {
  test('with what is counted, and by what the rows for it are chosen', () => {
    const sql = 'SELECT COUNT(DISTINCT x HAVING MAX y) FROM e.t WHERE day = 1 GROUP BY z HAVING MAX(w) > 1';

    expect(read(sql).reader).toBe('polyglot');
    expect(useOf(sql, 'p.e.t')).toMatchObject({ projected: ['x', 'y'], filtered: ['day'], tested: ['w'] });
  });

  test.each([
    'COUNT(x IS NOT NULL HAVING MAX y)',
    'COUNTIF(x IN (1, 2) HAVING MIN y)',
    "COUNTIF(NOT x LIKE 'a' AND x BETWEEN 'a' AND 'b' HAVING MIN y)",
    "STRING_AGG(x, ',' HAVING MAX y)",
    'COUNT(x HAVING MAX y), ARRAY_AGG(x IGNORE NULLS HAVING MAX y ORDER BY y LIMIT 3)',
  ])('after any expression: %s', (call) => {
    const sql = `SELECT ${call} FROM e.t`;

    expect(read(sql).reader).toBe('polyglot');
    expect(useOf(sql, 'p.e.t').projected).toEqual(['x', 'y']);
  });

  test('as a read of no other column after a star', () => {
    expect(useOf('SELECT COUNT(* HAVING MAX y) FROM e.t', 'p.e.t')).toMatchObject({
      star: false,
      projected: ['y'],
    });
  });

  test('as a read of all columns if a row is chosen', () => {
    expect(useOf('SELECT ANY_VALUE(t HAVING MAX y), COUNT(x HAVING MAX y) FROM e.t', 'p.e.t').star).toBe(
      true,
    );
  });
});
