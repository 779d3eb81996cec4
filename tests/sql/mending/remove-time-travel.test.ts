import { describe, expect, test } from 'vitest';
import { removeTimeTravel } from '../../../src/sql/mending/remove-time-travel.ts';
import { readSql } from '../../../src/sql/read-sql.ts';

describe('FOR SYSTEM_TIME AS OF', () => {
  test.each([
    'CURRENT_TIMESTAMP()',
    'CURRENT_TIMESTAMP',
    'f(g(1), (2))',
    'SAFE.TIMESTAMP(a)',
    "TIMESTAMP '2026-01-01'",
    "'2026-01-01'",
    '@instant',
    "(TIMESTAMP '2026-01-01')",
    'CURRENT_TIMESTAMP() - INTERVAL 1 DAY',
  ])('is removed in place with %s', (instant) => {
    const clause = `FOR SYSTEM_TIME AS OF ${instant}`;
    const blank = ' '.repeat(clause.length);

    expect(removeTimeTravel(`SELECT x FROM t ${clause} JOIN u ${clause} ON (a) = b`)).toBe(
      `SELECT x FROM t ${blank} JOIN u ${blank} ON (a) = b`,
    );
  });

  test('keeps the lines of a text', () => {
    expect(removeTimeTravel('FROM t for system_time\nas of f(1,\n2) x')).toBe(
      'FROM t                \n          \n   x',
    );
  });

  test.each([
    'SELECT x FROM t FOR SYSTEM_TIME AS OF f((SELECT y FROM u))',
    "SELECT 'FOR SYSTEM_TIME AS OF f(x)' FROM t",
    'SELECT x FROM t FOR SYSTEM_TIME',
    'SELECT x FROM t FOR SYSTEM_TIME AS OF f(x',
  ])('is not removed from %s', (sql) => {
    expect(removeTimeTravel(sql)).toBeNull();
  });

  test.each([
    'SELECT a FROM e.t FOR SYSTEM_TIME AS OF TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 1 HOUR) WHERE b = 1',
    "SELECT x.a FROM e.t AS x FOR SYSTEM_TIME AS OF TIMESTAMP('2026-01-01') JOIN (SELECT 1 AS c) AS y ON x.c = y.c WHERE x.b = 1",
    "SELECT x.a FROM (SELECT 1 AS c) AS y JOIN e.t AS x FOR SYSTEM_TIME AS OF '2026-01-01' USING (c) WHERE x.b = 1",
  ])('does not make a table count as read whole: %s', (sql) => {
    const { reader, star, tables } = readSql(sql, { projectId: 'p', defaultDataset: null });

    expect({ reader, star }).toEqual({ reader: 'polyglot', star: false });
    expect(tables).toMatchObject([{ star: false, projected: ['a'], filtered: ['b'] }]);
  });
});
