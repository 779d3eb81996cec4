import { describe, expect, test } from 'vitest';
import { filtered, useOfT } from './use-of-t.ts';

test.each(['@since', '@span.since', '@span.days[OFFSET(0)]'])(
  'the parameter %s is not a column',
  (parameter) => {
    const use = useOfT(`SELECT ${parameter} FROM e.t WHERE day > ${parameter}`);

    expect(use).toMatchObject({ projected: [], filtered: ['day'] });
    expect(use).not.toHaveProperty('tested');
  },
);

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

describe('a name in capitals is the same name, so that no column is used unseen:', () => {
  test.each([
    ['SELECT A.CPF FROM e.t AS a', ['cpf']],
    ['SELECT A.* FROM (SELECT cpf FROM e.t) AS a', ['cpf']],
    ['SELECT * EXCEPT (Phone) FROM (SELECT cpf, phone FROM e.t)', ['cpf']],
    ['SELECT DOC FROM (SELECT CPF AS Doc, x FROM e.t)', ['cpf']],
    ['SELECT Cpf FROM e.u JOIN (SELECT cpf, i FROM e.t) USING (I)', ['cpf']],
    ['WITH C AS (SELECT cpf AS Doc, x FROM e.t) SELECT doc FROM c', ['cpf']],
    ['WITH RECURSIVE R AS (SELECT cpf FROM e.t UNION ALL SELECT 1 FROM r) SELECT 1 FROM r', ['cpf']],
    ['SELECT 1 FROM e.t AS A, a.Items', ['items']],
    ['SELECT pos FROM e.t AS a, UNNEST(a.items) WITH OFFSET AS Pos', ['items']],
    [
      'SELECT m FROM e.t MATCH_RECOGNIZE (ORDER BY ts MEASURES MAX(b.cpf) AS m PATTERN (A B+) DEFINE A AS x > 1)',
      ['ts', 'cpf', 'x'],
    ],
  ])('%s', (sql, columns) => {
    expect(useOfT(sql).projected).toEqual(columns);
  });

  test("SELECT x FROM e.t JOIN e.u USING (DAY) WHERE Day = '2026-11-01'", () => {
    expect(filtered("SELECT x FROM e.t JOIN e.u USING (DAY) WHERE Day = '2026-11-01'")).toEqual(['day']);
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
  'SELECT x FROM e.t, UNNEST(items) AS i WITH OFFSET WHERE offset > 5',
])('an element of an array, or its position, is no column of the table: %s', (sql) => {
  expect(filtered(sql)).toEqual([]);
});

test('a column called offset is one where no position is asked for', () => {
  expect(useOfT('SELECT offset FROM e.t, UNNEST(items) AS i').projected).toContain('offset');
});

test.each(['USING (i, j)', 'ON t.i = u.i AND t.j > u.j'])('the columns of a join are joined: %s', (on) => {
  expect(useOfT(`SELECT u.x FROM e.u JOIN e.t ${on}`).joined).toEqual(['i', 'j']);
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

test.each([
  'SAFE.DATE_DIFF(a, b, DAY) > 3',
  "SAFE.TIMESTAMP_TRUNC(a, Day) = '2026-11-01'",
  "SAFE.LAST_DAY(a, WEEK(DAY)) = '2026-11-01'",
  '(a).DATE_DIFF(b, DAY) > 3',
  "(a).TIMESTAMP_TRUNC(DAY) = '2026-11-01'",
])('a unit of time is no column of that name: %s', (condition) => {
  expect(filtered(`SELECT x FROM e.t WHERE ${condition}`)).not.toContain('day');
});

test.each([
  'ARRAY_AGG(DISTINCT TIMESTAMP_TRUNC(a, DAY) IGNORE NULLS)',
  'FIRST_VALUE(DATE_TRUNC(a, DAY) IGNORE NULLS) OVER (ORDER BY a)',
])('nor where NULL is ignored: %s', (value) => {
  expect(useOfT(`SELECT ${value} FROM e.t`).projected).toEqual(['a']);
});

test.each([
  "SAFE.DATE_TRUNC(day, DAY) = '2026-11-01'",
  'SAFE.DATE_DIFF(a, day, DAY) > 3',
  '(day).DATE_DIFF(a, DAY) > 3',
])('a column of that name is one before it: %s', (condition) => {
  expect(filtered(`SELECT x FROM e.t WHERE ${condition}`)).toContain('day');
});

test.each([
  ['ARRAY_FILTER(a, day -> day > b)', ['a', 'b']],
  ['ARRAY_FILTER(a, (Day, i) -> day.x > b AND i > 1)', ['a', 'b']],
  ['ARRAY_TRANSFORM(a, e -> ARRAY_FILTER(e.b, day -> day > e.x + x))', ['a', 'x']],
  ['ARRAY_FILTER(day, e -> e > 1)', ['day']],
])('a parameter of a lambda is no column: %s', (value, columns) => {
  expect(useOfT(`SELECT ${value} FROM e.t`).projected).toEqual(columns);
});

test('nor does it filter by a column of its name', () => {
  expect(filtered('SELECT x FROM e.t WHERE ARRAY_FIRST(ARRAY_TRANSFORM(a, day -> day)) = 1')).toEqual(['a']);
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
