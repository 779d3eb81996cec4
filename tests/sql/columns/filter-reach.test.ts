import { describe, expect, test } from 'vitest';
import { filtered } from './use-of-t.ts';

/** The query in a FROM and in a common table expression, with a filter on its column `day` outside it. */
const readFrom = (query: string) => [
  `SELECT * FROM (${query}) WHERE day = '2026-11-01'`,
  `WITH c AS (${query}) SELECT * FROM c WHERE day = '2026-11-01'`,
];

describe('a filter outside a subquery does not count as a filter of its table:', () => {
  test.each(
    [
      'SELECT * FROM e.t LIMIT 10',
      'SELECT day, x FROM e.t ORDER BY x LIMIT 10 OFFSET 5',
      '(SELECT * FROM e.t) LIMIT 10',
      'SELECT day, x FROM e.t UNION ALL SELECT day, x FROM e.u LIMIT 10',
      'SELECT day, x FROM e.u UNION ALL (SELECT day, x FROM e.t LIMIT 10)',
      'SELECT MAX(day) AS day FROM e.t',
      'SELECT x, MAX(day) AS day FROM e.t GROUP BY x',
      'SELECT x, e.latest(day) AS day FROM e.t GROUP BY x',
      'SELECT x, MAX(day) AS day FROM e.t GROUP BY ALL',
      'SELECT day, x, COUNT(*) AS n FROM e.t GROUP BY ROLLUP (day, x)',
      'SELECT day, x, COUNT(*) AS n FROM e.t GROUP BY GROUPING SETS (x, (day, x))',
      'SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY ts) AS n FROM e.t',
      'SELECT *, ROW_NUMBER() OVER (PARTITION BY day ORDER BY ts) AS n, SUM(x) OVER () AS s FROM e.t',
      'SELECT *, ROW_NUMBER() OVER w AS n FROM e.t WINDOW w AS (PARTITION BY id)',
      'SELECT * EXCEPT (day), LAG(day) OVER (PARTITION BY day ORDER BY ts) AS day FROM e.t',
      'SELECT day, x FROM e.t WHERE TRUE QUALIFY ROW_NUMBER() OVER (PARTITION BY id ORDER BY ts) = 1',
      'SELECT day, x FROM e.t ORDER BY SUM(x) OVER ()',
      'SELECT * REPLACE (MAX(day) OVER (PARTITION BY day) AS day) FROM e.t',
      'SELECT * REPLACE (x AS day) FROM e.t',
      'SELECT day, x FROM e.t INTERSECT DISTINCT SELECT day, x FROM e.u',
      'SELECT day, x FROM e.u EXCEPT DISTINCT SELECT day, x FROM e.t',
      'SELECT * FROM e.u UNION ALL SELECT x, day FROM e.t',
      'SELECT x AS day, * FROM e.u UNION ALL SELECT *, x, day FROM e.t',
      'SELECT x AS day, * FROM e.u UNION ALL SELECT *, day FROM e.t',
      'SELECT 1 AS one, * FROM e.u UNION ALL SELECT *, 1 AS one FROM e.t',
      'SELECT * FROM (SELECT x AS day) JOIN e.u ON TRUE UNION ALL SELECT *, day FROM e.t',
      'SELECT * REPLACE (x AS day) FROM e.u UNION ALL SELECT day, * FROM e.t',
      'SELECT * EXCEPT (x), x FROM e.u UNION ALL SELECT * EXCEPT (day), day FROM e.t',
      'SELECT * FROM e.u UNION ALL SELECT * REPLACE (x AS day) FROM e.t',
      'SELECT * REPLACE (day AS other) FROM e.u UNION ALL SELECT * REPLACE (x AS day) FROM e.t',
      'SELECT *, x AS day FROM e.u UNION ALL SELECT * FROM e.t',
      'SELECT * FROM e.u UNION ALL SELECT *, x AS day FROM e.t',
      'SELECT *, ts AS day, x FROM e.u UNION ALL SELECT *, x FROM e.t',
      'SELECT * EXCEPT (x), x FROM e.u UNION ALL SELECT * FROM e.t',
      'SELECT * FROM e.u UNION ALL SELECT * EXCEPT (x), x FROM e.t',
      'WITH a AS (SELECT * EXCEPT (x), x FROM e.u) SELECT * FROM a UNION ALL SELECT * FROM e.t',
      'WITH a AS (SELECT * EXCEPT (x) FROM e.u UNION ALL SELECT * FROM e.v) SELECT *, 1 AS x FROM a UNION ALL SELECT * FROM e.t',
      'SELECT * FROM e.u UNION ALL SELECT * FROM e.t PIVOT (SUM(x) FOR y IN (1, 2))',
      'SELECT * FROM e.u UNION ALL SELECT * FROM e.t UNPIVOT (v FOR n IN (x, y))',
      'SELECT * FROM (SELECT x, day, y FROM e.u) PIVOT (SUM(x) FOR y IN (1, 2)) UNION ALL SELECT x, day, y FROM e.t',
      'SELECT day, x FROM e.u UNION ALL BY NAME SELECT x, MAX(day) OVER () AS day FROM e.t',
      'SELECT x, (SELECT MAX(day) FROM e.t) AS day FROM e.u',
      'SELECT t.day FROM e.u LEFT JOIN e.t USING (i)',
      'SELECT * FROM e.t PIVOT (MAX(day) FOR y IN (1 AS day, 2 AS other))',
      'SELECT * FROM e.t UNPIVOT (v FOR day IN (day, closed))',
      'SELECT * FROM e.t MATCH_RECOGNIZE (ORDER BY ts MEASURES MAX(a.day) AS day PATTERN (a+) DEFINE a AS TRUE)',
    ].flatMap(readFrom),
  )('%s', (sql) => {
    expect(filtered(sql)).not.toContain('day');
  });
});

describe('a filter outside a subquery counts as a filter of its table:', () => {
  test.each(
    [
      'SELECT * FROM e.t ORDER BY x',
      '(SELECT * FROM e.t)',
      'SELECT DISTINCT day, x FROM e.t',
      'SELECT day, COUNT(*) AS n FROM e.t GROUP BY day',
      'SELECT DATE(ts) AS d, day, COUNT(*) AS n FROM e.t GROUP BY 1, 2',
      'SELECT day, COUNT(*) AS n FROM e.t GROUP BY ALL',
      'SELECT DATE_TRUNC(day, MONTH) AS day, COUNT(*) AS n FROM e.t GROUP BY day',
      'SELECT day, COUNT(*) AS n FROM e.t GROUP BY day HAVING COUNT(*) > 1',
      'SELECT *, ROW_NUMBER() OVER (PARTITION BY id, day ORDER BY ts) AS n FROM e.t',
      'SELECT t.day, SUM(x) OVER (PARTITION BY day) AS s, SUM(y) OVER (PARTITION BY id, t.day) AS r FROM e.t',
      'SELECT day, x FROM e.t UNION ALL SELECT day, x FROM e.u',
      'SELECT * FROM e.t UNION ALL SELECT * FROM e.u',
      "SELECT 'a' AS part, * FROM e.u UNION ALL SELECT 'b' AS part, * FROM e.t",
      'SELECT * REPLACE (CAST(day AS DATE) AS day) FROM e.u UNION ALL SELECT * REPLACE (CAST(day AS DATE) AS day) FROM e.t',
      "SELECT *, DATE(ts) AS day, 'a' AS part FROM e.u UNION ALL SELECT *, day AS other, 'b' AS part FROM e.t",
      'SELECT * REPLACE (CAST(x AS STRING) AS x) FROM e.u UNION ALL SELECT * FROM e.t',
      'SELECT * FROM e.u UNION ALL SELECT * REPLACE (CAST(x AS STRING) AS x) FROM e.t',
      'SELECT * REPLACE (x AS day) FROM e.u UNION ALL SELECT * REPLACE (day AS other) FROM e.t',
      'SELECT *, NULL AS campaign FROM e.t UNION ALL SELECT * FROM e.u',
      'SELECT * FROM e.u UNION ALL SELECT *, NULL AS campaign FROM e.t',
      'SELECT * FROM e.t UNION ALL SELECT *, DATE(ts) AS day FROM e.u',
      'SELECT * EXCEPT (x), NULL AS x, NULL AS y FROM e.u UNION ALL SELECT * EXCEPT (x), x FROM e.t',
      'SELECT * EXCEPT (loaded) FROM e.u UNION ALL SELECT * FROM e.t',
      'SELECT * FROM e.u PIVOT (SUM(x) FOR y IN (1, 2)) UNION ALL SELECT * FROM e.t PIVOT (SUM(x) FOR y IN (1, 2))',
      'SELECT *, NULL AS campaign, day AS part FROM e.u UNION ALL SELECT *, day AS part FROM e.t',
      'SELECT * FROM e.u UNION ALL SELECT *, NULL AS a FROM e.v UNION ALL SELECT *, NULL AS a, NULL AS b FROM e.t',
      'SELECT * FROM e.u UNION ALL BY NAME SELECT x, day FROM e.t',
      'SELECT day, x FROM e.t UNION DISTINCT SELECT day, x FROM e.u',
      'SELECT x, day FROM e.u UNION ALL BY NAME SELECT day, x FROM e.t',
      "SELECT EXTRACT(DATE FROM day AT TIME ZONE 'America/Sao_Paulo') AS day FROM e.t",
      'SELECT t.day FROM e.t LEFT JOIN e.u USING (i)',
      'SELECT t.day FROM e.t, UNNEST(items) AS item',
      'SELECT day, TIMESTAMP_TRUNC(ts, HOUR) AS hour FROM e.t',
    ].flatMap(readFrom),
  )('%s', (sql) => {
    expect(filtered(sql)).toContain('day');
  });
});

test('hundreds of tables below a star with hundreds of columns beside it are read within the time limit', () => {
  const columns = Array.from({ length: 400 }, (_, index) => `x AS a${index}`);
  const operands = Array.from({ length: 400 }, (_, index) => ` UNION ALL SELECT * FROM e.t${index}`);
  const startedAt = performance.now();

  filtered(`SELECT x FROM (SELECT *, ${columns} FROM e.t ${operands.join('')}) WHERE day = 1`);

  expect(performance.now() - startedAt).toBeLessThan(10_000);
}, 90_000);

describe('a filter in a query with a join', () => {
  test.each([
    "SELECT 1 FROM e.u LEFT JOIN e.t USING (i) WHERE t.day = '2026-11-01'",
    "SELECT 1 FROM e.t RIGHT JOIN e.u USING (i) WHERE t.day = '2026-11-01'",
    "SELECT 1 FROM e.t FULL JOIN e.u USING (i) WHERE t.day = '2026-11-01'",
    "SELECT 1 FROM e.t JOIN e.v USING (i) FULL OUTER JOIN e.u USING (i) WHERE t.day = '2026-11-01'",
    "SELECT 1 FROM e.t LEFT JOIN e.u ON t.i = u.i AND t.day = '2026-11-01'",
    "SELECT 1 FROM e.t FULL JOIN e.u ON t.i = u.i AND t.day = '2026-11-01'",
    "SELECT 1 FROM e.t FULL JOIN (SELECT day FROM e.u) AS u USING (day) WHERE day = '2026-11-01'",
    'SELECT 1 FROM e.t JOIN e.u ON t.i = u.i AND t.day = u.day',
    'SELECT 1 FROM e.t JOIN e.u ON t.i = u.i AND t.day = (SELECT MAX(day) FROM e.u)',
    "SELECT 1 FROM e.t JOIN e.u ON t.i = u.i OR t.day = '2026-11-01'",
    'SELECT 1 FROM e.v WHERE i IN (SELECT f.i FROM (SELECT i FROM e.u) AS f JOIN e.t ON f.i = t.i AND day = v.day)',
    "SELECT 1 FROM e.t, e.u AS `x.t` WHERE `x.t`.day = '2026-11-01'",
    "SELECT 1 FROM e.u JOIN e.t USING (day) WHERE day = '2026-11-01'",
    "SELECT 1 FROM e.t RIGHT JOIN e.u USING (day) WHERE day = '2026-11-01'",
    "SELECT 1 FROM e.t FULL JOIN e.u USING (day) WHERE day = '2026-11-01'",
    "SELECT 1 FROM e.t JOIN e.u USING (day) FULL JOIN e.v USING (i) WHERE day = '2026-11-01'",
    'SELECT 1 FROM e.t JOIN e.u USING (day) WHERE day >= u.since',
    'SELECT 1 FROM e.t JOIN e.u USING (i) WHERE t.day >= x',
    'SELECT 1 FROM e.t LEFT JOIN e.u USING (i) WHERE t.day BETWEEN x AND DATE_ADD(y, INTERVAL 1 DAY)',
    'SELECT 1 FROM e.t JOIN e.u USING (i) WHERE t.day >= span.since',
    'SELECT 1 FROM e.t JOIN e.f(1) USING (i) WHERE t.day >= x',
    'DECLARE since DATE; SELECT 1 FROM e.t JOIN e.u USING (i) WHERE t.day BETWEEN since AND x',
    'WITH c AS (SELECT * FROM e.t) SELECT 1 FROM c JOIN e.u USING (i) WHERE c.day >= x',
    "SELECT 1 FROM (SELECT t.day, u.x AS day FROM e.t JOIN e.u USING (i)) WHERE day = '2026-11-01'",
  ])('does not count for a table whose rows it keeps or whose reference is ambiguous: %s', (sql) => {
    expect(filtered(sql)).toEqual([]);
  });

  test.each([
    "SELECT 1 FROM e.t LEFT JOIN e.u USING (i) WHERE t.day = '2026-11-01'",
    "SELECT 1 FROM e.u RIGHT JOIN e.t USING (i) WHERE t.day = '2026-11-01'",
    "SELECT 1 FROM e.t JOIN e.u USING (i) WHERE t.day = '2026-11-01'",
    "SELECT 1 FROM e.u LEFT JOIN e.t ON t.i = u.i AND t.day = '2026-11-01'",
    "SELECT 1 FROM e.t RIGHT JOIN e.u ON t.i = u.i AND t.day = '2026-11-01'",
    "SELECT 1 FROM e.t JOIN e.u ON t.i = u.i AND DATE(t.day) = '2026-11-01'",
    "SELECT 1 FROM e.u LEFT JOIN (SELECT * FROM e.t WHERE day = '2026-11-01') AS f USING (i)",
    "SELECT 1 FROM e.t JOIN e.u USING (day) WHERE day = '2026-11-01'",
    "SELECT 1 FROM e.t LEFT JOIN e.u USING (i, day) WHERE day = '2026-11-01' AND u.a IS NULL",
    "SELECT 1 FROM e.u RIGHT JOIN e.t USING (day) WHERE day = '2026-11-01'",
    'DECLARE since DATE; SELECT 1 FROM e.t JOIN e.u USING (i) WHERE t.day >= since AND u.day >= since',
    'DECLARE since DATE; SELECT 1 FROM e.t JOIN e.u ON t.i = u.i AND t.day >= since',
    'DECLARE span STRUCT<since DATE>; SELECT 1 FROM e.t JOIN e.u USING (i) WHERE t.day >= span.since',
    'FOR r IN (SELECT since FROM e.v) DO SELECT 1 FROM e.t JOIN e.u USING (i) WHERE t.day >= r.since; END FOR',
    'FOR `r` IN (SELECT since FROM e.v) DO SELECT 1 FROM e.t JOIN e.u USING (i) WHERE t.day >= R.since; END FOR',
    'CREATE TABLE FUNCTION e.f(since DATE) AS SELECT 1 FROM e.t JOIN e.u USING (i) WHERE t.day >= since',
    'WITH p AS (SELECT @d AS since) SELECT 1 FROM e.t JOIN e.u USING (i), p WHERE t.day >= since',
    'SELECT 1 FROM e.t JOIN e.u USING (i), UNNEST(@days) AS d WHERE t.day = d',
    "SELECT 1 FROM e.t JOIN e.u USING (day) JOIN e.v USING (day) WHERE day = '2026-11-01'",
    "SELECT 1 FROM (SELECT * FROM e.t JOIN e.u USING (day)) WHERE day = '2026-11-01'",
    "SELECT 1 FROM (SELECT * FROM (SELECT day, i FROM e.t) JOIN (SELECT day FROM e.u) USING (day)) WHERE day = '2026-11-01'",
    "SELECT 1 FROM e.v WHERE i IN (SELECT f.i FROM (SELECT i FROM e.u) AS f LEFT JOIN e.t ON f.i = t.i AND day = '2026-11-01')",
  ])('counts, in WHERE or in the join condition: %s', (sql) => {
    expect(filtered(sql)).toEqual(['day']);
  });
});

describe('a filter in a subquery does not count as a filter of a table in the outer query:', () => {
  test.each([
    "SELECT (SELECT 1 FROM UNNEST([1]) WHERE t.day = '2026-11-01') FROM e.t",
    'SELECT 1 FROM e.t WHERE NOT EXISTS (SELECT 1 FROM e.u WHERE u.i = t.day)',
    "SELECT ARRAY(SELECT 1 FROM t.items AS i WHERE day = '2026-11-01') FROM e.t",
  ])('%s', (sql) => {
    expect(filtered(sql)).toEqual([]);
  });
});
