import { describe, expect, test } from 'vitest';
import { filtered, useOfT } from './use-of-t.ts';

test('a parameter is not a column', () => {
  expect(filtered('SELECT 1 FROM e.t WHERE day > @since')).toEqual(['day']);
});

describe('columns that reach the result under other names are selected:', () => {
  test.each([
    ['SELECT one FROM e.t PIVOT (MAX(cpf) AS c FOR k IN (1 AS one))', ['cpf', 'k']],
    ['SELECT v FROM e.t UNPIVOT (v FOR n IN (cpf, phone)) AS u', ['cpf', 'phone']],
    ['SELECT v FROM (SELECT cpf AS a, phone AS b FROM e.t) UNPIVOT (v FOR n IN (a, b))', ['cpf', 'phone']],
    [
      'SELECT m FROM e.t MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES MAX(b.cpf) AS m PATTERN (a b+) DEFINE a AS x > 1)',
      ['cpf', 'k', 'ts', 'x'],
    ],
  ])('%s', (sql, columns) => {
    expect(useOfT(sql).projected).toEqual(expect.arrayContaining(columns));
  });
});

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

describe('in HAVING and QUALIFY, a name in the list of the SELECT means what stands there:', () => {
  test.each([
    ['SELECT x, SUM(y) AS total FROM e.t GROUP BY x HAVING total > 10', ['y']],
    ['SELECT x, COUNT(*) AS day FROM e.t GROUP BY x HAVING day > 10', undefined],
    ['SELECT x, ROW_NUMBER() OVER (PARTITION BY i ORDER BY ts) AS n FROM e.t QUALIFY n = 1', ['i', 'ts']],
    ['SELECT 1 FROM (SELECT cpf AS c FROM e.t GROUP BY c HAVING c > 10)', ['cpf']],
    ['SELECT x, SUM(y) AS total FROM e.t GROUP BY x HAVING t.total > 10', ['total']],
    ['SELECT x FROM e.t GROUP BY x HAVING MAX(day) > 10', ['day']],
  ])('%s', (sql, columns) => {
    expect(useOfT(sql).tested).toEqual(columns);
  });
});

test.each([
  'SELECT x FROM e.t, UNNEST(items) AS i WITH OFFSET AS day WHERE day > 5',
  'SELECT x FROM e.t, UNNEST(items) WITH OFFSET day WHERE day > 5',
  'SELECT x FROM e.t, UNNEST(days) AS day WHERE day > 5',
])('an element of an array, or its position, is no column of the table: %s', (sql) => {
  expect(filtered(sql)).not.toContain('day');
});

test.each([
  'SELECT finops.tax(x) FROM e.t',
  'SELECT p.finops.tax(x).rate FROM e.t',
  'SELECT `p.finops`.tax(x) FROM e.t AS finops',
  'SELECT p.finops.v1.tax(x) FROM e.t',
  'SELECT AI.CLASSIFY(x) FROM e.t',
  'SELECT MAX(x) FROM e.t AS finops HAVING finops.tax(1) = 1',
])('the path of a routine is no column: %s', (sql) => {
  expect(useOfT(sql)).toMatchObject({ projected: ['x'], star: false });
});

test.each([
  'SELECT x FROM e.t WHERE finops.is_late(day)',
  'SELECT x FROM e.t WHERE p.finops.lateness(day) > 1',
])('the path of a routine in a condition is no column: %s', (sql) => {
  expect(filtered(sql)).toEqual(['day']);
});

test('a column with the name of its table is a column', () => {
  expect(useOfT("SELECT SUM(t) FROM e.t WHERE t > '2026-11-01'")).toMatchObject({
    projected: ['t'],
    filtered: ['t'],
  });
});

test('a column with the name of an alias may be the row, of which no column is filtered', () => {
  expect(useOfT("SELECT UPPER(day) FROM e.t AS day WHERE TO_JSON_STRING(day) > ''")).toMatchObject({
    star: true,
    projected: ['day'],
    filtered: [],
  });
});

test('a column whose method is called is a column', () => {
  expect(useOfT('SELECT (x).UPPER() FROM e.t').projected).toEqual(['x']);
});

describe('in a script', () => {
  test.each([
    "SELECT 1; SELECT x FROM e.t WHERE day = '2026-11-01'",
    "DECLARE since DATE DEFAULT '2026-11-01'; SELECT x FROM e.t WHERE day >= since",
    "CREATE TEMP TABLE c AS SELECT x FROM e.t WHERE day = '2026-11-01'; SELECT x FROM c",
    "DELETE FROM e.t WHERE day = '2026-11-01'; INSERT INTO e.t SELECT x, '2026-11-01' AS day FROM e.u",
    "CREATE OR REPLACE TABLE e.t AS SELECT 1 AS x; SELECT x FROM e.t WHERE day = '2026-11-01'",
  ])('a table is filtered by what filters each read of it: %s', (sql) => {
    expect(filtered(sql)).toContain('day');
  });

  test.each([
    "SELECT x FROM e.t WHERE day = '2026-11-01'; SELECT x FROM e.t",
    "DELETE FROM e.t WHERE TRUE; SELECT x FROM e.t WHERE day = '2026-11-01'",
    "DECLARE everything BOOL DEFAULT TRUE; SELECT x FROM e.t WHERE everything OR day = '2026-11-01'",
    'DECLARE day DATE; SELECT x FROM e.t; SELECT day',
  ])('a filter on one read counts for no other: %s', (sql) => {
    expect(filtered(sql)).not.toContain('day');
  });

  test('the columns that any statement selects are known', () => {
    expect(useOfT('SELECT 1; SELECT x FROM e.t; SELECT y FROM e.t').projected).toEqual(['x', 'y']);
  });
});

test('a table that a statement fills is filtered by what filters its reads there', () => {
  const sql = "INSERT INTO e.t SELECT x FROM e.t WHERE day = '2026-11-01'";

  expect(filtered(sql)).toContain('day');
});
