import { expect, test } from 'vitest';
import { hasMoreSelects } from '../../../src/sql/tokens/select-words.ts';

test.each([
  ['SELECT (SELECT 1)', 2],
  ["select 'SELECT', `select` FROM t -- SELECT", 1],
  ['SELECT t.select, selected FROM t', 1],
  ['SELECT (/* SELECT */ SELECT 1) UNION ALL SELECT 2', 3],
])('counts the queries of %s', (sql, count) => {
  expect([hasMoreSelects(sql, count), hasMoreSelects(sql, count - 1)]).toEqual([false, true]);
});
