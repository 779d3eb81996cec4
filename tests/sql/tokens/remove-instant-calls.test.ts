import { describe, expect, test } from 'vitest';
import { readSql } from '../../../src/sql/read.ts';
import { removeInstantCalls } from '../../../src/sql/tokens/remove-instant-calls.ts';

describe('the call that computes the instant of FOR SYSTEM_TIME AS OF', () => {
  test.each([
    [
      'SELECT x FROM t FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP() JOIN u',
      "SELECT x FROM t FOR SYSTEM_TIME AS OF ''                  JOIN u",
    ],
    [
      'FROM t for system_time as of f(g(1),\n  (2)) - INTERVAL 1 DAY',
      "FROM t for system_time as of ''     \n       - INTERVAL 1 DAY",
    ],
    ['FROM t FOR SYSTEM_TIME AS OF (a)', "FROM t FOR SYSTEM_TIME AS OF '' "],
    [
      'FROM t FOR SYSTEM_TIME AS OF SAFE.TIMESTAMP(a), u FOR SYSTEM_TIME AS OF f(b)',
      "FROM t FOR SYSTEM_TIME AS OF ''               , u FOR SYSTEM_TIME AS OF ''  ",
    ],
  ])('gives way in place to a text: %s', (sql, expected) => {
    expect(removeInstantCalls(sql)).toBe(expected);
  });

  test.each([
    "SELECT x FROM t FOR SYSTEM_TIME AS OF '2026-01-01'",
    'SELECT x FROM t FOR SYSTEM_TIME AS OF @instant JOIN f(x)',
    'SELECT x FROM t FOR SYSTEM_TIME AS OF f(x',
    "SELECT 'FOR SYSTEM_TIME AS OF f(x)' FROM t",
    'SELECT x FROM t FOR SYSTEM_TIME AS OF f',
    'SELECT x FROM t FOR SYSTEM_TIME AS OF f((SELECT y FROM u))',
    'SELECT x FROM t FOR SYSTEM_TIME AS OF instant JOIN u USING (x)',
  ])('is not found in %s', (sql) => {
    expect(removeInstantCalls(sql)).toBeNull();
  });

  test('does not make a table count as read whole', () => {
    const sql =
      'SELECT a FROM e.t FOR SYSTEM_TIME AS OF TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR) WHERE b = 1';

    const { reader, star, tables } = readSql(sql, { projectId: 'p', defaultDataset: null });

    expect({ reader, star }).toEqual({ reader: 'polyglot', star: false });
    expect(tables).toMatchObject([{ star: false, projected: ['a'], filtered: ['b'] }]);
  });
});
