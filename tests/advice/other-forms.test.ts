import { describe, expect, test } from 'vitest';
import { approximateCounts } from '../../src/advice/approximate.ts';
import { cacheableForm } from '../../src/advice/cacheable-form.ts';
import { replacementTable } from '../../src/advice/replacement-table.ts';
import { after, subject } from './builders.ts';

const REPLACED = {
  'p.d.old': { table: 'p.d.messages', result: 'changed' },
  'p.d.copy': { table: 'p.d.agents', result: 'same' },
} as const;

describe('the replacement of a legacy table', () => {
  test.each([
    ['SELECT id FROM old', 'SELECT id FROM `p.d.messages`', 'changed'],
    ['SELECT o.id FROM `p.d.old` AS o', 'SELECT o.id FROM `p.d.messages` AS o', 'changed'],
    ['SELECT id FROM p.d.copy', 'SELECT id FROM `p.d.agents`', 'same'],
    ['SELECT id FROM `p`.d.`copy`', 'SELECT id FROM `p.d.agents`', 'same'],
    ['SELECT old.id FROM d.old', 'SELECT old.id FROM `p.d.messages` AS old', 'changed'],
    [
      'SELECT id FROM old JOIN copy USING (id)',
      'SELECT id FROM `p.d.messages` JOIN `p.d.agents` USING (id)',
      'changed',
    ],
  ])('is read instead of it: %s', (sql, expected, result) => {
    const candidate = replacementTable(subject(sql, REPLACED));

    expect(after(sql, candidate)).toBe(expected);
    expect(candidate?.result).toBe(result);
  });

  test.each([
    ['a table without a replacement', 'SELECT id FROM messages'],
    ['a common table expression of the same name', 'WITH old AS (SELECT 1 AS id) SELECT id FROM old'],
  ])('is not read instead of %s', (_what, sql) => {
    expect(replacementTable(subject(sql, REPLACED))).toBeNull();
  });
});

describe('an approximate count', () => {
  test.each([
    ['SELECT COUNT(DISTINCT id) FROM messages', 'SELECT APPROX_COUNT_DISTINCT(id) FROM messages'],
    [
      'SELECT count ( distinct /* all */ id ), COUNT(DISTINCT\n body) FROM messages',
      'SELECT APPROX_COUNT_DISTINCT ( /* all */ id ), APPROX_COUNT_DISTINCT(body) FROM messages',
    ],
  ])('replaces an exact one: %s', (sql, expected) => {
    const candidate = approximateCounts(subject(sql));

    expect(after(sql, candidate)).toBe(expected);
    expect(candidate?.result).toBe('changed');
  });

  test.each([
    ['no count is DISTINCT', 'SELECT COUNT(id) FROM messages'],
    ['the count is over a window', 'SELECT COUNT(DISTINCT id) OVER (PARTITION BY body) FROM messages'],
    [
      'the count is only in a string or comment',
      "SELECT 'COUNT(DISTINCT id)' FROM messages -- COUNT(DISTINCT id)",
    ],
  ])('is not suggested if %s', (_why, sql) => {
    expect(approximateCounts(subject(sql))).toBeNull();
  });
});

describe('a cacheable rewrite', () => {
  test.each([
    [
      'SELECT CURRENT_TIMESTAMP(), /* now */ current_datetime FROM agents',
      "SELECT TIMESTAMP '2026-11-25 18:00:00+00', /* now */ DATETIME '2026-11-25 18:00:00' FROM agents",
      'changed',
    ],
    [
      "SELECT 1 FROM agents WHERE d > CURRENT_DATE('Asia/Tokyo') OR d = CURRENT_DATE",
      "SELECT 1 FROM agents WHERE d > DATE '2026-11-26' OR d = DATE '2026-11-25'",
      'same',
    ],
  ])('has literals instead of the current time: %s', (sql, expected, result) => {
    const candidate = cacheableForm(subject(sql));

    expect(after(sql, candidate)).toBe(expected);
    expect(candidate?.result).toBe(result);
  });

  test.each([
    ['no function returns the current time', 'SELECT id FROM agents'],
    ['the time zone is unknown', "SELECT CURRENT_DATE('Mars/Olympus') FROM agents"],
    ['CURRENT_DATE is only a name', 'SELECT d AS current_date, t.current_date FROM agents AS t'],
    ['a random number stays', 'SELECT CURRENT_DATE() FROM agents WHERE RAND() < 0.1'],
    ['the user stays', 'SELECT CURRENT_DATE() FROM agents WHERE email = SESSION_USER()'],
    ['the time of day stays', 'SELECT CURRENT_DATE(), CURRENT_TIME() FROM agents'],
    ['a time zone comes from a column', 'SELECT CURRENT_DATE(), CURRENT_DATE(zone) FROM agents'],
  ])('is not suggested if %s', (_why, sql) => {
    expect(cacheableForm(subject(sql))).toBeNull();
  });
});
