import { describe, expect, test } from 'vitest';
import { plainNotLike } from '../../../src/sql/mending/plain-not-like.ts';
import { readSql } from '../../../src/sql/read-sql.ts';

describe('a NOT that negates a LIKE', () => {
  test.each([
    ["WHERE NOT a LIKE 'x' AND b", "WHERE     a LIKE 'x' AND b"],
    ["WHERE not LOWER(t.a) like 'x'", "WHERE     LOWER(t.a) like 'x'"],
    ["SELECT IF(NOT a || b LIKE 'x', NOT c, 1)", "SELECT IF(    a || b LIKE 'x', NOT c, 1)"],
    ["WHERE NOT CASE WHEN a THEN b END LIKE 'x'", "WHERE     CASE WHEN a THEN b END LIKE 'x'"],
  ])('is blanked out in place: %s', (sql, expected) => {
    expect(plainNotLike(sql)).toBe(expected);
  });

  test.each([
    "WHERE a NOT LIKE 'x'",
    "WHERE NOT (a LIKE 'x')",
    "WHERE NOT a AND b LIKE 'x'",
    "WHERE NOT a = b OR c LIKE 'x'",
    "WHERE a IS NOT NULL AND b LIKE 'x'",
    "WHERE (NOT a) AND b LIKE 'x'",
    "WHERE a NOT IN (1) AND 'NOT b' LIKE 'x'",
    'SELECT 1',
  ])('is not found in %s', (sql) => {
    expect(plainNotLike(sql)).toBe(sql);
  });

  test.each([
    "SELECT a FROM e.t WHERE NOT b LIKE '%x%'",
    "SELECT IF(NOT b LIKE 'x', a, NULL) FROM e.t WHERE b > 1",
    'SELECT a FROM e.t WHERE NOT b LIKE (SELECT MAX(c) FROM e.u)',
  ])('is read with its columns and tables: %s', (sql) => {
    const { reader, unreadReason, tables } = readSql(sql, { projectId: 'p', defaultDataset: null });

    expect({ reader, unreadReason }).toEqual({ reader: 'polyglot', unreadReason: null });
    expect(tables.map(({ table }) => table.tableId)).toEqual(sql.includes('e.u') ? ['t', 'u'] : ['t']);
    expect(tables[0]).toMatchObject({ filtered: ['b'] });
  });
});
