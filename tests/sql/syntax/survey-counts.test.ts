import { describe, expect, test } from 'vitest';
import { readSql } from '../../../src/sql/read-sql.ts';

function read(sql: string) {
  return readSql(sql, { projectId: 'p', defaultDataset: { datasetId: 'd' } });
}

describe('joins without condition', () => {
  test.each([
    ['SELECT 1 FROM a', 0],
    ['SELECT 1 FROM a, b', 1],
    ['SELECT 1 FROM a, b, (SELECT 1) AS c', 2],
    ['SELECT 1 FROM a CROSS JOIN b', 1],
    ['SELECT 1 FROM a JOIN b', 1],
    ['SELECT 1 FROM a JOIN b ON a.i = b.i LEFT JOIN c USING (i)', 0],
    ['SELECT 1 FROM a JOIN b JOIN c ON b.i = c.i ON a.i = b.i', 0],
    ['SELECT 1 FROM a JOIN (b CROSS JOIN c) USING (i)', 1],
    ['SELECT 1 FROM (SELECT 1 FROM a, b) JOIN c USING (i)', 1],
    ['SELECT 1 FROM a WHERE i IN (SELECT i FROM b CROSS JOIN c)', 1],
    ['UPDATE a SET x = 1 FROM b, c WHERE a.i = b.i', 1],
    ['SELECT 1 FROM a, UNNEST(a.items)', 0],
    ['SELECT 1 FROM a, a.items AS i, UNNEST(i.parts) AS p', 0],
    ['SELECT 1 FROM a CROSS JOIN UNNEST(items) AS i WITH OFFSET o', 0],
    ['SELECT 1 FROM a LEFT JOIN UNNEST(a.items) AS i', 0],
    ['SELECT 1 FROM a, UNNEST(GENERATE_ARRAY(1, 1000)) AS n', 1],
  ])('%s has %i', (sql, count) => {
    expect(read(sql)).toMatchObject({ reader: 'polyglot', joinsWithoutCondition: count });
  });
});

describe('subqueries', () => {
  test.each([
    ['SELECT 1 FROM a', 0],
    ['(SELECT 1) UNION ALL (SELECT 2)', 0],
    ['WITH c AS (SELECT 1) SELECT * FROM c', 0],
    ['CREATE TABLE e.n AS (SELECT 1)', 1],
    ['INSERT INTO e.n (x) SELECT 1', 1],
    ['SELECT 1 FROM (SELECT 1)', 1],
    ['SELECT 1 FROM ((SELECT 1 UNION ALL SELECT 2))', 1],
    ['SELECT (SELECT MAX(x) FROM b), ARRAY(SELECT 1) FROM a', 2],
    ['SELECT 1 FROM a WHERE i IN (SELECT i FROM b WHERE EXISTS (SELECT 1 FROM c))', 2],
    ['WITH c AS (SELECT 1 FROM (SELECT 1)) SELECT * FROM c', 1],
  ])('%s has %i', (sql, count) => {
    expect(read(sql)).toMatchObject({ reader: 'polyglot', subqueries: count });
  });
});

describe('the functions listed', () => {
  test.each([
    ['SELECT x FROM a WHERE x IN (1) AND (y) OR NOT (z)', []],
    ['SELECT count(*), Count(x), SUM (y) FROM a', ['COUNT', 'SUM']],
    [
      'SELECT SAFE.PARSE_DATE("%F", x), NET.HOST(u), `p.e.f`(x), e.`g`(y) FROM a',
      ['PARSE_DATE', 'NET.HOST', 'P.E.F', 'E.G'],
    ],
    ['SELECT CURRENT_TIMESTAMP, CURRENT_DATE() AS current_date', ['CURRENT_TIMESTAMP', 'CURRENT_DATE']],
    ['SELECT * EXCEPT (x) REPLACE (UPPER(y) AS y) FROM a', ['UPPER']],
    ['SELECT items[OFFSET(0)], REPLACE(x, "a", "b") FROM a /* SUM(x) */', ['REPLACE']],
    ['SELECT ROW_NUMBER() OVER (PARTITION BY x) FROM a WINDOW w AS (ORDER BY y)', ['ROW_NUMBER']],
    ['INSERT INTO e.t (a, b) VALUES (1, ABS(2))', ['ABS']],
    ['INSERT e.t (a, b) VALUES (1, ABS(2))', ['ABS']],
    ['CREATE TABLE IF NOT EXISTS e.t (a NUMERIC(10, 2)) OPTIONS (description = "x")', []],
  ])('for %s', (sql, functions) => {
    expect(read(sql).functions).toEqual(functions);
  });
});

describe('SQL that polyglot does not read', () => {
  const sql = 'SELECT {{ columns }} FROM a, b JOIN c ON f(x) = {{ y }} WHERE i IN (SELECT i FROM d)';

  test('still has its joins, subqueries and functions counted', () => {
    expect(read(sql)).toMatchObject({
      reader: 'none',
      joinsWithoutCondition: 2,
      subqueries: 1,
      functions: ['F'],
    });
  });
});
