import { describe, expect, test } from 'vitest';
import { plainCalls } from '../../../src/sql/mending/plain-calls.ts';
import { read, useOf } from '../readings.ts';

describe('calls that polyglot does not read get names without quotes', () => {
  test.each([
    ['SELECT `p`.`e`.`f-g`(x)', 'SELECT `p`.`e`._0___(x)', [['_0___', 'f-g']]],
    ['SELECT p.e.`f`(x), p.e.`f`(y), a.`b`', 'SELECT p.e._0_(x), p.e._0_(y), a.`b`', [['_0_', 'f']]],
    [
      'SELECT p.e.`f`(_0_), p.e.`g`(y)',
      'SELECT p.e._1_(_0_), p.e._2_(y)',
      [
        ['_1_', 'f'],
        ['_2_', 'g'],
      ],
    ],
  ])('in place: %s', (sql, mended, words) => {
    expect(plainCalls(sql)).toEqual({ sql: mended, words: new Map(words as [string, string][]) });
  });

  test.each(['SELECT e.`f`(x), `f`(x), `p`.`e`.`t`.x', "SELECT '`p`.`e`.`f`(x)'"])(
    'unless there are none, as in %s',
    (sql) => {
      expect(plainCalls(sql)).toBeNull();
    },
  );

  test('unless there are more of them than anybody calls', () => {
    const calls = Array.from({ length: 101 }, (_, at) => `p.e.\`${'f'.repeat(at + 1)}\`(x)`);

    expect(plainCalls(`SELECT ${calls.slice(1)}`)).not.toBeNull();
    expect(plainCalls(`SELECT ${calls}`)).toBeNull();
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

  test.each([
    'INSERT INTO `p`.`e`.`t`(a) SELECT `p`.`e`.`f`(b) FROM e.u',
    'CREATE TABLE `p`.`e`.`t`(a INT64) AS SELECT `p`.`e`.`f`(b) FROM e.u',
    'CREATE VIEW `p`.`e`.`t`(a) AS SELECT `p`.`e`.`f`(b) FROM e.u',
  ])('and tables before a list of columns keep their names: %s', (sql) => {
    const { reader, tables, writes } = read(sql);

    expect(reader).toBe('polyglot');
    expect(tables.map(({ table }) => table.tableId)).toEqual(['t', 'u']);
    expect(writes?.map(({ tableId }) => tableId)).toEqual(['t']);
  });
});
