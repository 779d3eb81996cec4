import { describe, expect, test } from 'vitest';
import { read, useOf } from '../readings.ts';

const namesIn = (sql: string) =>
  read(sql)
    .tables.map(({ table }) => table.tableId)
    .toSorted();

describe('a script with control flow is read with the tables of all its branches:', () => {
  test.each([
    ['IF EXISTS (SELECT a FROM e.t) THEN SELECT a FROM e.u; END IF', ['t', 'u']],
    [
      'IF x THEN SELECT a FROM e.t; ELSEIF (SELECT a FROM e.u) = 1 THEN SELECT a FROM e.v; ELSE SELECT a FROM e.w; END IF;',
      ['t', 'u', 'v', 'w'],
    ],
    ['IF CASE WHEN x THEN TRUE ELSE FALSE END THEN SELECT a FROM e.t; END IF', ['t']],
    ['WHILE i < (SELECT MAX(n) FROM e.t) DO SELECT a FROM e.u; END WHILE', ['t', 'u']],
    ['LOOP SELECT a FROM e.t; IF x THEN BREAK; END IF; END LOOP', ['t']],
    ['REPEAT SELECT a FROM e.t; UNTIL x > (SELECT b FROM e.u) END REPEAT', ['t', 'u']],
    ['FOR r IN (SELECT a FROM e.t) DO INSERT INTO e.u SELECT r.a; END FOR', ['t', 'u']],
    ['FOR r IN (FROM e.t |> SELECT a) DO FROM e.u |> SELECT b; END FOR', ['t', 'u']],
    [
      'CASE (SELECT a FROM e.t) WHEN (SELECT b FROM e.u) THEN SELECT c FROM e.v; ELSE SELECT d FROM e.w; END CASE',
      ['t', 'u', 'v', 'w'],
    ],
    ['CASE WHEN x THEN SELECT a FROM e.t; END CASE', ['t']],
    ['BEGIN SELECT a FROM e.t; EXCEPTION WHEN ERROR THEN SELECT a FROM e.u; END', ['t', 'u']],
    [
      'BEGIN BEGIN SELECT a FROM e.t; END; BEGIN TRANSACTION; DELETE FROM e.u WHERE TRUE; COMMIT TRANSACTION; END',
      ['t', 'u'],
    ],
    ['once: WHILE x DO SELECT a FROM e.t; LEAVE once; END WHILE once', ['t']],
    ['RAISE USING MESSAGE = (SELECT a FROM e.t)', ['t']],
    ['ASSERT EXISTS (SELECT a FROM e.t)', ['t']],
    [
      "ASSERT (SELECT COUNT(*) FROM e.t) = CAST((SELECT CASE WHEN a THEN 1 END AS b FROM e.u) AS INT64) AS 'few'; SELECT a FROM e.v",
      ['t', 'u', 'v'],
    ],
    ['IF x THEN ASSERT (SELECT a FROM e.t) > 0; END IF', ['t']],
    ['SELECT a FROM e.t; RETURN; SELECT a FROM e.u', ['t', 'u']],
    ['DECLARE x INT64; IF x = 1 THEN INSERT e.t (a) SELECT b FROM e.u; END IF', ['t', 'u']],
  ])('%s', (sql, names) => {
    expect(read(sql)).toMatchObject({ reader: 'polyglot', statement: 'SCRIPT' });
    expect(namesIn(sql)).toEqual(names);
  });

  test('and is a script, however few statements it has', () => {
    expect(read('BEGIN SELECT a FROM e.t; END').statement).toBe('SCRIPT');
  });
});

test('a table that one branch reads without a filter counts as not filtered', () => {
  const { tables } = read('IF x THEN SELECT a FROM e.t WHERE day = @d; ELSE SELECT a FROM e.t; END IF');

  expect(tables[0]).toMatchObject({ filtered: [], tested: ['day'] });
});

test('what a branch writes is known to be written', () => {
  const { writes } = read('IF x THEN INSERT e.t (a) SELECT 1; ELSE DELETE FROM e.u WHERE TRUE; END IF');

  expect(writes?.map(({ tableId }) => tableId)).toEqual(['t', 'u']);
});

describe('a procedure is read with the statements that it consists of:', () => {
  test.each([
    ['CREATE PROCEDURE e.p() BEGIN SELECT a FROM e.t; SELECT a FROM e.u; END', ['t', 'u']],
    [
      'CREATE OR REPLACE PROCEDURE IF NOT EXISTS `p.e`.p(IN x INT64, OUT y STRING) OPTIONS (strict_mode = FALSE) BEGIN DECLARE z INT64; SET y = (SELECT a FROM e.t); END;',
      ['t'],
    ],
    [
      'SELECT a FROM e.t; CREATE PROCEDURE e.p() BEGIN IF x THEN FROM e.u |> SELECT a; END IF; END',
      ['t', 'u'],
    ],
  ])('%s', (sql, names) => {
    expect(read(sql)).toMatchObject({ reader: 'polyglot', statement: 'SCRIPT' });
    expect(namesIn(sql)).toEqual(names);
  });

  test('and with its arguments as variables, whatever is in their types', () => {
    const conditionOn = (name: string) =>
      `CREATE PROCEDURE e.p(INOUT Since DATE, x STRUCT<a INT64, b DATE>) BEGIN SELECT a FROM e.t JOIN e.u USING (k) WHERE t.day > ${name}; END`;

    expect(useOf(conditionOn('since'), 'p.e.t').filtered).toEqual(['day']);
    expect(useOf(conditionOn('x.b'), 'p.e.t').filtered).toEqual(['day']);
    expect(useOf(conditionOn('b'), 'p.e.t').filtered).toEqual([]);
  });
});

describe('an INSERT without INTO is read as one with it:', () => {
  test.each([
    'INSERT e.t (a) SELECT b FROM e.u',
    'INSERT e.t SELECT b FROM e.u',
    'INSERT e.t (a) FROM e.u |> SELECT b',
    'INSERT `p.e.t` (a) VALUES ((SELECT b FROM e.u))',
  ])('%s', (sql) => {
    expect(read(sql)).toMatchObject({ reader: 'polyglot', statement: 'INSERT' });
    expect(namesIn(sql)).toEqual(['t', 'u']);
  });
});

describe('stays unread:', () => {
  test.each([
    'CREATE PROCEDURE e.p(a INT64 BEGIN SELECT a FROM e.t; END',
    'CREATE PROCEDURE e.p() OPTIONS (a = (SELECT 1)) BEGIN SELECT a FROM e.t; END',
    'CREATE PROCEDURE e.p() BEGIN EXECUTE IMMEDIATE x; SELECT a FROM e.t; END',
    'CREATE PROCEDURE e.p() BEGIN CALL e.q(); SELECT a FROM e.t; END',
    'IF x THEN SELECT a FROM e.t; END IF SELECT a FROM e.u WHERE b',
    'RAISE a FROM e.t',
  ])('%s', (sql) => {
    expect(read(sql).reader).toBe('none');
  });
});
