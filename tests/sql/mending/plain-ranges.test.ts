import { describe, expect, test } from 'vitest';
import { plainRanges } from '../../../src/sql/mending/plain-ranges.ts';
import { read } from '../readings.ts';

describe('the type of a range', () => {
  test.each([
    ['CAST(a AS RANGE<DATE>)', 'CAST(a AS       DATE )'],
    ["range < timestamp > '[a, b)'", "        timestamp   '[a, b)'"],
    ['ARRAY<RANGE<DATETIME>>[]', 'ARRAY<      DATETIME >[]'],
  ])('becomes that of its ends, in place: %s', (sql, expected) => {
    expect(plainRanges(sql)).toBe(expected);
  });

  test.each(['WHERE range < b', 'RANGE BETWEEN 1 PRECEDING AND CURRENT ROW', 'SELECT a_range<date>b'])(
    'is not found in %s',
    (sql) => {
      expect(plainRanges(sql)).toBe(sql);
    },
  );

  test.each([
    "SELECT a FROM e.t WHERE RANGE_OVERLAPS(b, RANGE<DATE> '[2026-11-01, UNBOUNDED)')",
    'SELECT a, CAST(NULL AS RANGE<DATE>) FROM e.t WHERE b IN UNNEST(ARRAY<RANGE<DATE>>[])',
  ])('is no use of columns: %s', (sql) => {
    const [use] = read(sql).tables;

    expect(use).toMatchObject({ projected: ['a'], filtered: ['b'] });
    expect(use).not.toHaveProperty('tested');
  });
});
