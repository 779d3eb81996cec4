import { describe, expect, test } from 'vitest';
import { filtered, useOfT } from './use-of-t.ts';

/** The columns of `e.t` in conditions that may stand beside another table's. */
const OF_T = /(?<!@)\b(day|x|y)\b/g;

describe('a condition that lets all rows through, or nearly all, is no filter of its column:', () => {
  test.each([
    'day IS NOT NULL',
    'NOT (day IS NULL)',
    "day <> '2026-11-01'",
    "day IS DISTINCT FROM DATE '2026-11-01'",
    "NOT day = '2026-11-01'",
    "day NOT IN ('2026-11-01')",
    "day NOT BETWEEN '2026-11-01' AND '2026-11-02'",
    'day = day',
    'day >= DATE(day)',
    'day BETWEEN day AND day',
    "day > '2026-11-01' OR TRUE",
    "TRUE OR (day > '2026-11-01' AND x = 1)",
    "day > '2026-11-01' OR x = 1",
    "day > '2026-11-01' OR @all",
    "NOT (day < '2026-11-01' AND x = 1)",
    "COALESCE(day > '2026-11-01', TRUE)",
    "IF(TRUE, TRUE, day > '2026-11-01')",
    "CASE WHEN day > '2026-11-01' THEN TRUE ELSE TRUE END",
    "CASE WHEN day > '2026-11-01' THEN 1 ELSE 1 END = 1",
    "CASE WHEN x = 1 THEN day > '2026-11-01' ELSE TRUE END",
    "CASE WHEN @all THEN TRUE WHEN x = 1 THEN day > '2026-11-01' END",
    "IF(day > '2026-11-01', x = 1, y = 1)",
    'IF(@all, TRUE, day = @day)',
    "IF(@all, day > '2026-11-01', x = 1)",
    "NOT IF(@all, day > '2026-11-01', FALSE)",
    "NOT COALESCE(day = '2026-11-01', FALSE)",
    "COALESCE(x = 1, day > '2026-11-01')",
    'COALESCE(day IS NOT NULL, FALSE)',
    "(day > '2026-11-01' OR TRUE) = TRUE",
    "(day > '2026-11-01' OR TRUE) IS TRUE",
    "(day > '2026-11-01') IS NOT FALSE",
    "CAST(day > '2026-11-01' AS STRING) IS NOT NULL",
    "day LIKE '%'",
    "CAST(day AS STRING) LIKE ('%%')",
    "NOT day LIKE '%'",
    "day LIKE ANY ('2026%', '%')",
    "day LIKE ALL ('%', '%%')",
    "STARTS_WITH(day, '')",
    "ENDS_WITH(CAST(day AS STRING), '')",
    "CONTAINS_SUBSTR(day, '')",
    "REGEXP_CONTAINS(day, r'')",
    "REGEXP_CONTAINS(day, '^.*$')",
  ])('%s', (condition) => {
    const where = useOfT(`SELECT x FROM e.t WHERE ${condition}`);
    const on = useOfT(
      `SELECT u.x FROM e.u JOIN e.t ON u.i = t.i AND (${condition.replaceAll(OF_T, 't.$1')})`,
    );
    const through = useOfT(`WITH c AS (SELECT * FROM e.t) SELECT x FROM c WHERE ${condition}`);

    for (const { filtered } of [where, on, through]) expect(filtered).not.toContain('day');
    expect(where.tested).toContain('day');
    expect(through.tested).toContain('day');
  });
});

describe('a condition that keeps rows out is a filter of its column:', () => {
  test.each([
    'day IS NULL',
    'NOT (day IS NOT NULL)',
    "NOT (day <> '2026-11-01')",
    "NOT (day NOT IN ('2026-11-01'))",
    "NOT day < '2026-11-01'",
    "day IS NOT DISTINCT FROM DATE '2026-11-01'",
    'day IN UNNEST(@days)',
    'day = @day',
    "'2026-11-01' <= day",
    "(((day >= '2026-11-01')))",
    "x = 1 AND (y = 2 AND day >= '2026-11-01')",
    "day = '2026-11-01' OR day = '2026-11-02' OR day = '2026-11-03'",
    "day >= '2026-11-01' OR day IS NULL",
    "(day = '2026-11-01' AND x = 1) OR (x = 2 AND day = '2026-11-02')",
    "NOT (day < '2026-11-01' OR x = 1)",
    "(day >= '2026-11-01') IS TRUE",
    "(day, x) IN (('2026-11-01', 1))",
    "DATE(TIMESTAMP(day), 'America/Sao_Paulo') >= '2026-11-01'",
    'EXTRACT(MONTH FROM day) = IF(x = 1, 2, 3)',
    "STARTS_WITH(day, '2026')",
    "day LIKE '2026%'",
    "day LIKE '%_%'",
    "day LIKE ANY ('2026%', '2025%')",
    "day LIKE ALL ('2026%', '%')",
    "REGEXP_CONTAINS(day, '^2026.*')",
    'day LIKE @pattern',
    'day >= @start AND (@end IS NULL OR day < @end)',
    "day > '2026-11-01' OR FALSE",
    "IF(@day IS NULL, day < '2026-11-01', day = @day)",
    "IF(x = 1, day > '2026-11-01', NULL)",
    "CASE WHEN @day IS NULL THEN day < '2026-11-01' WHEN x = 1 THEN FALSE ELSE day = @day END",
    "CASE x WHEN 1 THEN day = '2026-11-01' WHEN 2 THEN day = '2026-11-02' END",
    "COALESCE(day > '2026-11-01', FALSE)",
    "IFNULL(COALESCE(day IN ('2026-11-01'), FALSE), FALSE)",
    "NOT COALESCE(day < '2026-11-01', TRUE)",
  ])('%s', (condition) => {
    const where = useOfT(`SELECT x FROM e.t WHERE ${condition}`);
    const on = useOfT(
      `SELECT u.x FROM e.u JOIN e.t ON u.i = t.i AND (${condition.replaceAll(OF_T, 't.$1')})`,
    );

    for (const { filtered } of [where, on]) expect(filtered).toContain('day');
    expect(where.tested ?? []).not.toContain('day');
  });
});

test.each([
  'SELECT x FROM e.t HAVING MAX(day) > CURRENT_DATE()',
  'SELECT x FROM e.t QUALIFY ROW_NUMBER() OVER (ORDER BY day) = 1',
  "SELECT a.x FROM e.t AS a JOIN e.t AS b USING (i) WHERE a.day > '2026-11-01'",
  "MERGE e.u USING e.t ON t.i = u.i WHEN MATCHED AND t.day > '2026-11-01' THEN DELETE WHEN NOT MATCHED THEN INSERT (i) VALUES (t.i)",
])('a column in a condition that filters not every read is known to be used: %s', (sql) => {
  expect(useOfT(sql).tested).toContain('day');
});

describe('a condition between two tables joins them, and filters neither:', () => {
  test.each([
    'SELECT t.x FROM e.t, e.u WHERE t.day = u.day',
    'SELECT t.x FROM e.t CROSS JOIN e.u WHERE t.day BETWEEN u.since AND u.until',
    'SELECT t.x FROM e.t, (SELECT MAX(day) AS last FROM e.u) AS m WHERE t.day >= m.last',
    'WITH m AS (SELECT MAX(day) AS last FROM e.u) SELECT t.x FROM e.t, m WHERE t.day >= m.last',
    'SELECT t.x FROM e.t, e.u WHERE t.day = u.day OR t.day IS NULL',
    'SELECT u.x FROM e.u WHERE EXISTS (SELECT 1 FROM e.t WHERE t.day = u.day)',
    'UPDATE e.t SET x = u.x FROM e.u WHERE t.day = u.day',
  ])('%s', (sql) => {
    expect(useOfT(sql).filtered).toEqual([]);
    expect(useOfT(sql).tested).toContain('day');
  });

  test.each([
    "SELECT t.x FROM e.t, e.u WHERE t.i = u.i AND t.day = '2026-11-01'",
    "SELECT t.x FROM e.t, e.u WHERE (t.day = '2026-11-01' AND u.x = 1) OR (t.day = '2026-11-02' AND u.x = 2)",
    "WITH c AS (SELECT DATE '2026-11-01' AS since) SELECT t.x FROM e.t, c WHERE t.day >= c.since",
    "WITH c AS (SELECT DATE '2026-11-01' AS since) SELECT x FROM e.t CROSS JOIN c WHERE day >= since",
    "SELECT t.x FROM e.t, (SELECT DATE '2026-11-01' AS since) AS c WHERE t.day >= c.since",
    'SELECT x FROM (SELECT day, x FROM e.t UNION ALL SELECT day, x FROM e.u) WHERE day >= DATE(x)',
    'SELECT x FROM e.t, UNNEST(@days) AS d WHERE day = d',
    "SELECT u.x FROM e.u WHERE u.i IN (SELECT i FROM e.t WHERE day = '2026-11-01' AND x > 1)",
    'DECLARE since DATE; SELECT t.x FROM e.t JOIN e.u ON t.i = u.i WHERE t.day >= since',
  ])('but a condition beside it, or with what no table gives, filters: %s', (sql) => {
    expect(filtered(sql)).toContain('day');
  });
});
