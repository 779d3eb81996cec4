import { describe, expect, test } from 'vitest';
import { readSql } from '../../../src/sql/read.ts';

/** How `e.t` is used. */
function useOfT(sql: string) {
  const { tables } = readSql(sql, { projectId: 'p', defaultDataset: null });
  const use = tables.find(({ table }) => table.tableId === 't');
  if (use === undefined) throw new Error(`e.t is not among the tables of: ${sql}`);
  return use;
}

/** The columns by which every reference to `e.t` is filtered. */
function filtered(sql: string): readonly string[] {
  return useOfT(sql).filtered;
}

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
      "SELECT *, DATE(ts) AS day, 'a' AS part FROM e.u UNION ALL SELECT *, day AS other, 'b' AS part FROM e.t",
      'SELECT * FROM e.u UNION ALL BY NAME SELECT x, day FROM e.t',
      'SELECT day, x FROM e.t UNION DISTINCT SELECT day, x FROM e.u',
      'SELECT x, day FROM e.u UNION ALL BY NAME SELECT day, x FROM e.t',
      'SELECT t.day FROM e.t LEFT JOIN e.u USING (i)',
      'SELECT t.day FROM e.t, UNNEST(items) AS item',
      'SELECT day, TIMESTAMP_TRUNC(ts, HOUR) AS hour FROM e.t',
    ].flatMap(readFrom),
  )('%s', (sql) => {
    expect(filtered(sql)).toContain('day');
  });
});

describe('a filter in a query with a join', () => {
  test.each([
    "SELECT 1 FROM e.u LEFT JOIN e.t USING (i) WHERE t.day = '2026-11-01'",
    "SELECT 1 FROM e.t RIGHT JOIN e.u USING (i) WHERE t.day = '2026-11-01'",
    "SELECT 1 FROM e.t FULL JOIN e.u USING (i) WHERE t.day = '2026-11-01'",
    "SELECT 1 FROM e.t JOIN e.v USING (i) FULL OUTER JOIN e.u USING (i) WHERE t.day = '2026-11-01'",
    "SELECT 1 FROM e.t LEFT JOIN e.u ON t.i = u.i AND t.day = '2026-11-01'",
    'SELECT 1 FROM e.t JOIN e.u ON t.i = u.i AND t.day = u.day',
    'SELECT 1 FROM e.t JOIN e.u ON t.i = u.i AND t.day = (SELECT MAX(day) FROM e.u)',
    "SELECT 1 FROM e.t JOIN e.u ON t.i = u.i OR t.day = '2026-11-01'",
    "SELECT 1 FROM e.t, e.u AS `x.t` WHERE `x.t`.day = '2026-11-01'",
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
  ])('counts, in WHERE or in the join condition: %s', (sql) => {
    expect(filtered(sql)).toEqual(['day']);
  });
});

test('a parameter is not a column', () => {
  expect(filtered('SELECT 1 FROM e.t WHERE day > @since')).toEqual(['day']);
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
