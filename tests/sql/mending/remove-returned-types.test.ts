import { describe, expect, test } from 'vitest';
import { removeReturnedTypes } from '../../../src/sql/mending/remove-returned-types.ts';
import { read } from '../readings.ts';

describe('what the ARRAY or STRUCT consists of that a function returns', () => {
  test.each([
    ['RETURNS ARRAY<STRING> AS (a)', 'RETURNS ARRAY         AS (a)'],
    [
      'returns struct<a INT64, b ARRAY<STRUCT<c BYTES>>> AS',
      'returns struct                                    AS',
    ],
    ['RETURNS ARRAY <\n  STRING\n> AS', 'RETURNS ARRAY  \n        \n  AS'],
  ])('is removed in place: %s', (sql, expected) => {
    expect(removeReturnedTypes(sql)).toBe(expected);
  });

  test.each([
    'RETURNS STRING AS',
    'SELECT ARRAY<STRING>[]',
    'RETURNS ARRAY AS (a < b)',
    'RETURNS ARRAY<STRING',
    "SELECT 'RETURNS ARRAY<STRING>'",
  ])('is not found in %s', (sql) => {
    expect(removeReturnedTypes(sql)).toBeNull();
  });

  // Quadratic work would not finish here.
  test.each([
    ['are never closed', 'RETURNS ARRAY<'.repeat(50_000), null],
    [
      'hold one another',
      `${'RETURNS ARRAY<'.repeat(20_000)}${'>'.repeat(20_000)}`,
      `RETURNS ARRAY${' '.repeat(20_000 * 15 - 13)}`,
    ],
  ])('is looked for in linear time among many that %s', (_how, sql, expected) => {
    expect(removeReturnedTypes(sql)).toBe(expected);
  });

  test('keeps nobody from reading the query after the function', () => {
    const sql =
      "CREATE TEMP FUNCTION f(a JSON) RETURNS ARRAY<STRUCT<key STRING>> LANGUAGE js AS '''x'''; SELECT f(b) FROM e.t";

    expect(read(sql)).toMatchObject({ reader: 'polyglot', unreadReason: null, statement: 'SCRIPT' });
  });
});
