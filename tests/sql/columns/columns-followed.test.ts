import { describe, expect, test } from 'vitest';
import { read, useOf } from '../readings.ts';

describe('reading the uses of columns', () => {
  test('lists projected, filtered, joined and grouped columns of each table', () => {
    const sql = `SELECT t.subject, COUNT(*) FROM e.messages m JOIN e.tickets t ON m.ticket_id = t.ticket_id
                 WHERE DATE(m.created_at) >= '2026-01-01' AND t.status = 'aberto' GROUP BY t.subject`;

    expect(useOf(sql, 'p.e.messages')).toMatchObject({
      star: false,
      filtered: ['created_at'],
      joined: ['ticket_id'],
    });
    expect(useOf(sql, 'p.e.tickets')).toMatchObject({
      projected: ['subject'],
      filtered: ['status'],
      joined: ['ticket_id'],
      grouped: ['subject'],
    });
  });

  test('follows a filter through a common table expression', () => {
    const sql =
      'WITH c AS (SELECT x, created_at FROM e.t) SELECT x FROM c WHERE created_at > CURRENT_TIMESTAMP()';

    expect(useOf(sql, 'p.e.t').filtered).toEqual(['created_at']);
  });

  test('takes a column that could belong to two tables for tested in both, and for a filter of neither', () => {
    const sql = 'SELECT 1 FROM e.a, e.b WHERE created_at > CURRENT_TIMESTAMP()';

    for (const table of ['p.e.a', 'p.e.b'])
      expect(useOf(sql, table)).toMatchObject({ filtered: [], tested: ['created_at'] });
  });

  test.each([
    'SELECT cpf FROM e.a JOIN e.b ON a.id = b.id',
    'SELECT cpf FROM e.a JOIN e.b USING (cpf)',
    'SELECT cpf FROM e.a JOIN d.f(1) AS f ON a.id = f.id',
    "SELECT UPPER(cpf) AS x FROM e.a, EXTERNAL_QUERY('us.c', 'SELECT 1')",
    'SELECT x.cpf FROM (SELECT * EXCEPT (id) FROM e.a, e.b) AS x',
    'WITH c AS (SELECT * FROM e.a, e.b) SELECT cpf FROM c',
    'SELECT (SELECT cpf) FROM e.a, e.b',
    'SELECT (SELECT ANY_VALUE(cpf) FROM e.b) FROM e.a',
    'SELECT ARRAY(SELECT cpf FROM d.f(1)) FROM e.a',
    'FROM e.a |> JOIN e.b ON a.id = b.id |> SELECT cpf',
    'MERGE e.c USING (SELECT cpf FROM e.a, e.b) AS s ON c.id = 1 WHEN NOT MATCHED THEN INSERT (x) VALUES (s.cpf)',
  ])('takes a column that could belong to several tables for selected from each: %s', (sql) => {
    expect(useOf(sql, 'p.e.a').projected).toContain('cpf');
    if (sql.includes('e.b')) expect(useOf(sql, 'p.e.b').projected).toContain('cpf');
  });

  test('counts the columns of USING once, and first, where a star is stacked on others by their places', () => {
    const joined = 'SELECT * FROM (SELECT day, i FROM e.u) JOIN (SELECT i, x FROM e.v) USING (i)';
    const sql = `SELECT x FROM (${joined} UNION ALL SELECT i, a, cpf FROM e.t)`;

    expect(useOf(sql, 'p.e.t').projected).toEqual(['cpf']);
  });

  test.each([
    'SELECT x FROM e.t ORDER BY cpf',
    'SELECT x FROM e.t ORDER BY LENGTH(t.cpf) DESC LIMIT 1',
    'SELECT cpf AS x FROM e.t GROUP BY cpf ORDER BY x',
    'SELECT u.x FROM e.u JOIN e.t USING (i) ORDER BY t.cpf',
    'SELECT x, RANK() OVER w FROM e.t WINDOW w AS (ORDER BY cpf)',
    'SELECT x FROM e.t WINDOW w AS (PARTITION BY cpf)',
    'FROM e.t |> ORDER BY cpf |> SELECT x',
  ])('takes values from columns that only order or window rows: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').projected).toContain('cpf');
  });

  test('takes no value from a column for the sake of a name in the list, or a number, by which rows are ordered', () => {
    const sql = 'SELECT COUNT(*) AS n, x AS y FROM e.t GROUP BY x ORDER BY n DESC, y, 2';

    expect(useOf(sql, 'p.e.t').projected).toEqual(['x']);
  });

  test('takes a column for one of the table whose rows are known to have it', () => {
    const sql = 'SELECT cpf, (SELECT x FROM (SELECT id AS x FROM e.b)) FROM (SELECT cpf FROM e.a), e.c';

    expect(useOf(sql, 'p.e.a').projected).toEqual(['cpf']);
    expect(useOf(sql, 'p.e.c').projected).not.toContain('cpf');
    expect(useOf(sql, 'p.e.c').projected).not.toContain('x');
  });
});

describe('for two tables of the same name in different datasets', () => {
  test.each([
    'SELECT 1 FROM `e.t` JOIN `f.t` ON `e.t`.i = `f.t`.i WHERE `f.t`.day > 1',
    'SELECT 1 FROM `e.t`, `f.t` WHERE `p.f.t`.day > 1',
    'SELECT 1 FROM e.t, p.f.t WHERE `f.t`.day > 1',
    'SELECT 1 FROM `f.t` JOIN `e.t` USING (i) WHERE `F.T`.day > 1',
    'SELECT x FROM (SELECT `f.t`.* FROM `e.t` CROSS JOIN `f.t`) WHERE day > 1',
  ])('a column with a path is attributed to the table with that path: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').filtered).toEqual([]);
    expect(useOf(sql, 'p.f.t').filtered).toEqual(['day']);
  });

  test.each([
    'SELECT 1 FROM `e.t`, `f.t` WHERE t.day > 1',
    'SELECT 1 FROM `p.e.t`, `q.e.t` WHERE `e.t`.day > 1',
    'SELECT 1 FROM `e.t`, `f.t` WHERE `g.t`.day > 1',
    'SELECT 1 FROM `f.u` WHERE EXISTS (SELECT 1 FROM `e.t` WHERE `f.u`.day > 1)',
    'SELECT 1 FROM `f.u` AS t WHERE EXISTS (SELECT 1 FROM `e.t` AS u WHERE `f.u`.day > 1)',
    'SELECT x FROM (SELECT t.* FROM `e.t`, `f.t`) WHERE day > 1',
  ])('a column whose path could be either table’s, or another’s, is attributed to neither: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').filtered).toEqual([]);
  });
});

describe('filtered columns are', () => {
  test.each([
    ['a subquery', 'SELECT y FROM (SELECT x AS y, day FROM e.t) WHERE day > 1', ['day']],
    ['a star', 'WITH c AS (SELECT * FROM e.t) SELECT x FROM c WHERE day > 1', ['day']],
    [
      'renamed columns',
      'WITH c AS (SELECT day AS d FROM e.t), b AS (SELECT d AS f FROM c) SELECT 1 FROM b WHERE f > 1',
      ['day'],
    ],
    ['an expression', "SELECT 1 FROM (SELECT DATE(day) AS d FROM e.t) WHERE d > '2026-01-01'", ['day']],
    [
      'a set operation, by position',
      'SELECT 1 FROM (SELECT x, day AS d FROM e.t UNION ALL SELECT 1, 2) WHERE d > 1',
      ['day'],
    ],
    ['a qualified name', 'SELECT 1 FROM e.t AS m JOIN e.u USING (i) WHERE m.day > 1', ['day']],
    [
      'a full path, as Metabase writes it',
      'SELECT 1 FROM `p.e.t` LEFT JOIN e.u USING (i) WHERE `p.e.t`.`day` > 1',
      ['day'],
    ],
    ['a field of a column', 'SELECT 1 FROM e.t WHERE day.start > 1 AND t.other.start > 1', ['day', 'other']],
    [
      'a join with a subquery without a column of that name',
      'SELECT 1 FROM e.t, (SELECT 1 AS i) AS c WHERE day > i',
      ['day'],
    ],
    [
      'a join with a subquery that has a column of that name, with no result',
      'SELECT 1 FROM e.t, (SELECT 1 AS day) AS c WHERE day > 1',
      [],
    ],
    [
      'PIVOT',
      'SELECT * FROM (SELECT x, y, day FROM e.t) PIVOT (SUM(x) FOR y IN (1, 2)) WHERE day > 1',
      ['day'],
    ],
    ['parentheses around joins', 'SELECT 1 FROM (e.t JOIN e.u USING (i)) WHERE t.day > 1', ['day']],
    ['a statement that creates a table', 'CREATE TABLE e.n AS SELECT x FROM e.t WHERE day > 1', ['day']],
  ])('followed through %s', (_what, sql, filtered) => {
    expect(useOf(sql, 'p.e.t').filtered.toSorted()).toEqual(filtered);
  });

  test.each([
    'SELECT 1 FROM e.t WHERE day > 1 UNION ALL SELECT 2 FROM e.t',
    'SELECT 1 FROM e.t AS a JOIN e.t AS b USING (i) WHERE a.day > 1',
    'SELECT 1 FROM e.t WHERE day > 1 AND i IN (SELECT i FROM e.t)',
    'INSERT INTO e.t (x) SELECT x FROM e.t WHERE day > 1 UNION ALL SELECT x FROM e.t',
  ])('none if the table is not filtered at each reference: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').filtered).toEqual([]);
  });

  test.each([
    ['a UNION', 'SELECT x FROM c WHERE day > 1 UNION ALL SELECT x FROM c'],
    ['a self-join', 'SELECT 1 FROM c AS l JOIN c AS r USING (i) WHERE l.day > 1'],
    ['an IN subquery', 'SELECT x FROM c WHERE day > 1 AND i IN (SELECT i FROM c)'],
    ['a filter on another column', 'SELECT x FROM c WHERE day > 1 UNION ALL SELECT x FROM c WHERE x > 1'],
  ])('none if only one of two references to a common table expression is filtered: %s', (_what, query) => {
    expect(useOf(`WITH c AS (SELECT * FROM e.t) ${query}`, 'p.e.t').filtered).toEqual([]);
    expect(useOf(`WITH c AS (SELECT x, i, day FROM e.t) ${query}`, 'p.e.t').filtered).toEqual([]);
  });

  test.each([
    'WITH c AS (SELECT * FROM e.t), d AS (SELECT * FROM c WHERE day > 1) SELECT x FROM d UNION ALL SELECT x FROM c',
    'WITH c AS (SELECT * FROM e.t), d AS (SELECT * FROM c) SELECT x FROM d WHERE day > 1 UNION ALL SELECT x FROM d',
    'WITH RECURSIVE a AS (SELECT x FROM c), c AS (SELECT * FROM e.t) SELECT x FROM c WHERE day > 1 UNION ALL SELECT x FROM a',
    'WITH RECURSIVE c AS (SELECT x, day FROM e.t UNION ALL SELECT x, day FROM c) SELECT x FROM c WHERE day > 1',
  ])(
    'none if an unfiltered reference comes from another common table expression or from itself: %s',
    (sql) => {
      expect(useOf(sql, 'p.e.t').filtered).toEqual([]);
    },
  );

  test.each([
    'WITH c AS (SELECT x FROM e.t WHERE day > 1) SELECT x FROM c UNION ALL SELECT x FROM c',
    'WITH c AS (SELECT * FROM e.t) SELECT x FROM c WHERE day > 1',
    'WITH c AS (SELECT * FROM e.t) SELECT x FROM c WHERE day > 1 UNION ALL SELECT x FROM c WHERE day > 2',
    'WITH c AS (SELECT x, day, day AS d FROM e.t) SELECT x FROM c WHERE day > 1 UNION ALL SELECT x FROM c WHERE d > 2',
    'WITH c AS (SELECT * FROM e.t), d AS (SELECT * FROM c WHERE day > 1) SELECT x FROM d UNION ALL SELECT x FROM d',
    'WITH c AS (SELECT * FROM e.t), d AS (SELECT * FROM c) SELECT x FROM d WHERE day > 1 UNION ALL SELECT x FROM c WHERE day > 2',
    'WITH RECURSIVE c AS (SELECT * FROM e.t) SELECT x FROM c WHERE day > 1',
  ])('those that all references to a common table expression share: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').filtered).toEqual(['day']);
  });

  test('accompanied by grouped columns, given by alias or by position', () => {
    expect(useOf('SELECT day AS d, COUNT(*) FROM e.t GROUP BY d', 'p.e.t').grouped).toEqual(['day']);
    expect(useOf('SELECT day AS d, COUNT(*) FROM e.t GROUP BY 1', 'p.e.t').grouped).toEqual(['day']);
  });

  test('found within the time limit in deeply chained common table expressions', () => {
    const level = (i: number, list: string) => `a${i + 1} AS (SELECT ${list} FROM a${i} AS l, a${i} AS r)`;
    const levels = (list: string) =>
      `WITH a0 AS (SELECT x FROM e.t), ${Array.from({ length: 60 }, (_, i) => level(i, list)).join(', ')}`;

    expect(useOf(`${levels('l.x + r.x AS x')} SELECT x FROM a60`, 'p.e.t').projected).toEqual(['x']);
    expect(useOf(`${levels('*')} SELECT x FROM a60`, 'p.e.t').star).toBe(false);
    expect(read(`SELECT x FROM e.t${' UNION ALL SELECT x FROM e.t'.repeat(200)}`).reader).toBe('polyglot');
  }, 30_000);
});

describe('a column counts as selected if', () => {
  test.each([
    'SELECT 1 FROM e.u WHERE id IN (SELECT x FROM e.t)',
    'SELECT 1 FROM e.u JOIN e.v ON u.id = (SELECT MAX(x) FROM e.t)',
    'SELECT 1 FROM e.u GROUP BY id HAVING COUNT(*) > (SELECT MAX(x) FROM e.t)',
    'SELECT 1 FROM e.u ORDER BY (SELECT MAX(x) FROM e.t)',
    'SELECT z FROM UNNEST(ARRAY(SELECT x FROM e.t)) AS z',
    'SELECT z FROM e.u, UNNEST(ARRAY(SELECT x FROM e.t)) AS z',
    'SELECT a FROM ML.PREDICT(MODEL e.m, (SELECT x FROM e.t))',
    'WITH c AS (SELECT x AS y FROM e.t) SELECT 1 FROM e.u WHERE id IN (SELECT y FROM c)',
  ])('a subquery anywhere selects it: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').projected).toContain('x');
  });

  test.each([
    'SELECT c FROM (SELECT x FROM e.t) AS c',
    'SELECT TO_JSON_STRING(c) FROM (SELECT x AS y FROM e.t) AS c',
    'WITH c AS (SELECT x FROM e.t) SELECT c FROM c',
    'WITH c AS (SELECT x FROM e.t) SELECT ARRAY_AGG(d) FROM c AS d',
    'WITH c AS (SELECT x FROM e.t) SELECT (SELECT AS STRUCT c) FROM c',
  ])('a row that has it is taken whole: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').projected).toContain('x');
  });

  test.each([
    'SELECT i FROM e.t, UNNEST(x) AS i',
    'SELECT i.sku FROM e.t AS a CROSS JOIN UNNEST(a.x) AS i',
    'SELECT i FROM e.t, t.x AS i',
    'SELECT i.sku FROM e.t AS a, a.x.y AS i',
    'SELECT i FROM e.t AS a LEFT JOIN a.x AS i',
    'SELECT 1 FROM e.t AS a WHERE EXISTS (SELECT 1 FROM a.x AS i WHERE i.sku = 1)',
    'SELECT i FROM (SELECT x FROM e.t) AS c, c.x AS i',
  ])('its elements are taken as rows: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').projected).toContain('x');
  });
});

describe('a column that may go on under any name counts as selected:', () => {
  test.each([
    [
      'under a star, whose columns have unknown places',
      'SELECT a FROM (SELECT * FROM e.u UNION ALL SELECT secret, b FROM e.t)',
    ],
    ['under rows of a function', 'SELECT a FROM (SELECT * FROM e.f(1) UNION ALL SELECT secret FROM e.t)'],
    [
      'of a recursive table, which may read it by any place',
      'WITH RECURSIVE c AS (SELECT a AS x, secret AS y FROM e.t UNION ALL SELECT y, x FROM c) SELECT x FROM c',
    ],
    [
      'of a table that an earlier one reads',
      'WITH RECURSIVE b AS (SELECT x AS y FROM c), c AS (SELECT secret AS x FROM e.t) SELECT y FROM b',
    ],
  ])('%s', (_where, sql) => {
    expect(useOf(sql, 'p.e.t').projected).toContain('secret');
  });

  test('but not where places are known', () => {
    const sql = 'SELECT a FROM (SELECT a, b FROM e.u UNION ALL SELECT c, secret FROM e.t)';

    expect(useOf(sql, 'p.e.t').projected).toEqual(['c']);
  });
});
