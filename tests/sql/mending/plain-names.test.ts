import { describe, expect, test } from 'vitest';
import { plainNames } from '../../../src/sql/mending/plain-names.ts';
import { read } from '../readings.ts';

describe('a name that begins with a digit', () => {
  test.each([
    ['FROM e.31days;', 'FROM e._1days;', '_1days', '31days'],
    ['FROM e.20261101', 'FROM e._0261101', '_0261101', '20261101'],
    ['t . 7d_view', 't . _d_view', '_d_view', '7d_view'],
    ['SELECT `a`.1e10', 'SELECT `a`._e10', '_e10', '1e10'],
    ['f(a)[0].5', 'f(a)[0]._', '_', '5'],
  ])('gets a letter in its place: %s', (sql, plain, standIn, word) => {
    expect(plainNames(sql)).toEqual({ sql: plain, words: new Map([[standIn, word]]) });
  });

  test('gets one by which it is told from every other word', () => {
    expect(plainNames("SELECT t.1d, t.2d, t.1d, _d FROM e.t WHERE x = 'ad'")).toEqual({
      sql: "SELECT t.bd, t.cd, t.bd, _d FROM e.t WHERE x = 'ad'",
      words: new Map([
        ['bd', '1d'],
        ['cd', '2d'],
      ]),
    });
  });

  test.each(['SELECT .5, 1.5, a - 0.5', 'SELECT a WHERE b BETWEEN .5 AND 2.', "SELECT 'a.5' FROM `a.5`"])(
    'is not found in %s',
    (sql) => {
      expect(plainNames(sql)).toBeNull();
    },
  );

  test('is left as it is if no letter is free', () => {
    const taken = ['_', ...'abcdefghijklmnopqrstuvwxyz'].map((letter) => `${letter}d`);

    expect(plainNames(`SELECT t.1d, ${taken} FROM e.t`)).toBeNull();
  });
});

describe('such a name is read', () => {
  test.each([
    'SELECT a FROM e.2026,e.u;',
    'SELECT a FROM (SELECT a FROM e.2026)JOIN e.u USING (a)',
    'FROM e.2026|> JOIN e.u USING (a)|> SELECT a',
    'INSERT e.2026(a) SELECT a FROM e.u',
    'TRUNCATE TABLE e.2026; SELECT a FROM e.u',
    'MERGE e.2026 USING e.u ON FALSE WHEN NOT MATCHED THEN INSERT ROW',
  ])('as that of a table: %s', (sql) => {
    const { reader, tables } = read(sql);

    expect(reader).toBe('polyglot');
    expect(tables.map(({ table }) => table.tableId).toSorted()).toEqual(['2026', 'u']);
  });

  test('as that of a column', () => {
    const sql = 'SELECT LAX_INT64(a.1d_click), t.7d_view FROM e.t WHERE t.28d_view > 1';

    expect(read(sql).tables[0]).toMatchObject({ projected: ['a', '7d_view'], filtered: ['28d_view'] });
  });
});
