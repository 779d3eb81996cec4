import { describe, expect, test } from 'vitest';
import { useOf } from '../readings.ts';

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
