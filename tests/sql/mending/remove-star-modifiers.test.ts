import { describe, expect, test } from 'vitest';
import { removeStarModifiers } from '../../../src/sql/mending/remove-star-modifiers.ts';
import { readSql } from '../../../src/sql/read-sql.ts';
import { tableName } from '../../../src/vocabulary/table.ts';

describe('EXCEPT and REPLACE after the star of an expression', () => {
  test.each([
    ['SELECT IF(a, b, c).* EXCEPT (x, y), z FROM t', 'SELECT IF(a, b, c).*              , z FROM t'],
    ['SELECT f(a).* REPLACE (g(x) AS x) FROM t', 'SELECT f(a).* ,        g(x) AS x  FROM t'],
    [
      'SELECT (a) . * except(x)REPLACE (h(y, (z)) AS y), 1',
      'SELECT (a) . *          ,        h(y, (z)) AS y , 1',
    ],
  ])('are removed in place: %s', (sql, expected) => {
    expect(removeStarModifiers(sql)).toBe(expected);
  });

  test.each([
    'SELECT * EXCEPT (x) FROM t',
    'SELECT t.* REPLACE (1 AS x) FROM t',
    "SELECT '(a).* EXCEPT (x)' FROM t",
    'SELECT (a).* EXCEPT (x',
    'SELECT (a) * EXCEPT',
  ])('are not found in %s', (sql) => {
    expect(removeStarModifiers(sql)).toBeNull();
  });

  test('hide no table', () => {
    const sql = 'SELECT IF(a, b, c).* EXCEPT (x) REPLACE ((SELECT MAX(y) FROM e.u) AS y) FROM e.t';

    const { reader, tables } = readSql(sql, { projectId: 'p', defaultDataset: null });

    expect(reader).toBe('polyglot');
    expect(tables.map((use) => tableName(use.table)).sort()).toEqual(['p.e.t', 'p.e.u']);
  });
});
