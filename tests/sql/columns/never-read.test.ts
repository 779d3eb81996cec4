import { describe, expect, test } from 'vitest';
import { useOfT } from './use-of-t.ts';

describe('a table is never read under a condition that never holds:', () => {
  test.each([
    'SELECT * FROM e.t WHERE FALSE',
    'SELECT * FROM e.t JOIN e.u USING (i) WHERE u.x = 1 AND (1 = 0)',
    'SELECT * FROM (SELECT day, COUNT(*) AS n FROM e.t GROUP BY day LIMIT 5) WHERE 0 = 1 LIMIT 0',
    'SELECT * FROM (WITH c AS (SELECT * FROM e.t) SELECT * FROM c UNION ALL SELECT * FROM e.u) WHERE FALSE',
    'WITH c AS (SELECT * FROM e.u WHERE i IN (SELECT i FROM e.t)), d AS (SELECT * FROM c) SELECT * FROM d WHERE FALSE',
    'SELECT * FROM e.u LEFT JOIN (SELECT * FROM e.t WHERE FALSE) USING (i)',
    'SELECT * FROM e.t WHERE FALSE UNION ALL SELECT * FROM e.t WHERE 1 = 2',
    'CREATE TABLE e.o AS SELECT * FROM e.t WHERE FALSE',
    'FROM e.t |> AGGREGATE MAX(x) AS x |> WHERE FALSE',
  ])('%s', (sql) => {
    expect(useOfT(sql).neverRead).toBe(true);
  });
});

describe('a table may be read', () => {
  test.each([
    ['without such a condition', 'SELECT * FROM e.t WHERE 1 = 1 AND x = 0 LIMIT 0'],
    ['in another branch', 'SELECT * FROM e.t WHERE FALSE OR x = 1'],
    ['if its negation holds', 'SELECT * FROM e.u WHERE NOT EXISTS (SELECT 1 FROM e.t WHERE NOT FALSE)'],
    ['in another place', 'SELECT * FROM e.t WHERE FALSE UNION ALL SELECT * FROM e.t'],
    [
      'in another place that reads a CTE',
      'WITH c AS (SELECT * FROM e.t) SELECT (SELECT MAX(x) FROM c) FROM c WHERE FALSE',
    ],
    [
      'for an aggregate, which has a row all the same',
      'SELECT COUNT(*), (SELECT MAX(x) FROM e.t) FROM e.u WHERE FALSE',
    ],
    ['by a function', 'SELECT * FROM ML.PREDICT(MODEL e.m, (SELECT x FROM e.t)) WHERE FALSE'],
    [
      'by a recursive query',
      'WITH RECURSIVE r AS (SELECT x FROM e.t UNION ALL SELECT x FROM r WHERE FALSE) SELECT * FROM r',
    ],
    ['to change it', 'DELETE FROM e.t WHERE FALSE'],
  ])('%s: %s', (_where, sql) => {
    expect(useOfT(sql)).not.toHaveProperty('neverRead');
  });
});

test('a table is filtered as in the places that are read', () => {
  const sql = "SELECT * FROM e.t WHERE FALSE UNION ALL SELECT * FROM e.t WHERE day = '2026-11-01'";

  expect(useOfT(sql).filtered).toEqual(['day']);
});
