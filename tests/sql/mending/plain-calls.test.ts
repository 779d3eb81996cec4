import { describe, expect, test } from 'vitest';
import { plainCalls } from '../../../src/sql/mending/plain-calls.ts';
import { read, useOf } from '../readings.ts';

describe('calls that polyglot does not read', () => {
  test.each([
    ['SELECT `p`.`e`.`f-g`(x)', 'SELECT `p`.`e`._____(x)'],
    ['SELECT p.e.`f`(x), a.`b`', 'SELECT p.e.___(x), a.`b`'],
    ['SELECT COUNT(x HAVING MAX y)', 'SELECT COUNT(x +          y)'],
    ['SELECT COUNTIF((SELECT 1) > x HAVING MIN (y))', 'SELECT COUNTIF((SELECT 1) > x +          (y))'],
  ])('are mended in place: %s', (sql, expected) => {
    expect(plainCalls(sql)).toBe(expected);
  });

  test.each([
    'SELECT e.`f`(x), `f`(x), `p`.`e`.`t`.x',
    'SELECT ARRAY(SELECT x FROM t GROUP BY x HAVING MAX(y) > 1)',
    'SELECT COUNT(x) FROM t HAVING MAX(y) > 1',
    "SELECT 'COUNT(x HAVING MAX y)'",
  ])('are not found in %s', (sql) => {
    expect(plainCalls(sql)).toBeNull();
  });
});

describe('such calls are read', () => {
  test('with the routine and the columns that it is given', () => {
    const sql = 'SELECT `p`.`e`.`f-g`(`x`), IF(y, 1, p.e.`h`(z)) FROM e.t WHERE day = 1';

    expect(read(sql)).toMatchObject({
      reader: 'polyglot',
      routines: [{ routineId: 'f-g' }, { routineId: 'h' }],
    });
    expect(useOf(sql, 'p.e.t')).toMatchObject({ projected: ['x', 'y', 'z'], filtered: ['day'] });
  });

  test('with what is counted, and by what the rows for it are chosen', () => {
    const sql = 'SELECT COUNT(DISTINCT x HAVING MAX y) FROM e.t WHERE day = 1 GROUP BY z HAVING MAX(w) > 1';

    expect(read(sql).reader).toBe('polyglot');
    expect(useOf(sql, 'p.e.t')).toMatchObject({ projected: ['x', 'y'], filtered: ['day'], tested: ['w'] });
  });
});
