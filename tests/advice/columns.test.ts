import { describe, expect, test } from 'vitest';
import { neededColumns, smallColumns } from '../../src/advice/columns.ts';
import { after, subject } from './builders.ts';

describe('the columns used in the outer query', () => {
  test.each([
    [
      'in a subquery',
      'SELECT id FROM (SELECT * FROM messages) WHERE body IS NULL',
      'SELECT id FROM (SELECT id, body FROM messages) WHERE body IS NULL',
    ],
    [
      'in a common table expression, ignoring case',
      'WITH m AS (SELECT /* all */ * FROM messages) SELECT m.ID FROM m',
      'WITH m AS (SELECT /* all */ id FROM messages) SELECT m.ID FROM m',
    ],
    [
      'with the alias of their table',
      'SELECT tags FROM (SELECT m.*, a.active FROM messages AS m JOIN agents AS a USING (id))',
      'SELECT tags FROM (SELECT m.id, m.tags, a.active FROM messages AS m JOIN agents AS a USING (id))',
    ],
    [
      'as the constant 1 if none is used',
      'SELECT COUNT(*) FROM (SELECT * FROM messages)',
      'SELECT COUNT(*) FROM (SELECT 1 FROM messages)',
    ],
    [
      'together with columns used in the same SELECT',
      'SELECT id FROM (SELECT *, LENGTH(body) AS long FROM messages ORDER BY created_at)',
      'SELECT id FROM (SELECT id, body, created_at, LENGTH(body) AS long FROM messages ORDER BY created_at)',
    ],
    [
      'beside a FROM that begins no clause',
      'SELECT id FROM (SELECT body IS DISTINCT FROM tags AS odd, * FROM messages)',
      'SELECT id FROM (SELECT body IS DISTINCT FROM tags AS odd, id, body, tags FROM messages)',
    ],
    [
      'given by quoted names',
      'SELECT `tags` FROM (SELECT * FROM `p.d.messages`)',
      'SELECT `tags` FROM (SELECT tags FROM `p.d.messages`)',
    ],
  ])('replace the star %s', (_how, sql, expected) => {
    const candidate = neededColumns(subject(sql));

    expect(after(sql, candidate)).toBe(expected);
    expect(candidate?.result).toBe('same');
  });

  test.each([
    ['the star is the result', 'SELECT * FROM messages'],
    ['an outer star uses all columns', 'WITH m AS (SELECT * FROM messages) SELECT * FROM m'],
    ['an outer star uses all columns except some', 'SELECT * EXCEPT (id) FROM (SELECT * FROM messages)'],
    ['an outer star with an alias uses all columns', 'SELECT m.* FROM (SELECT * FROM messages) AS m'],
    ['a whole row is used', 'SELECT TO_JSON_STRING(m) FROM (SELECT * FROM messages) AS m'],
    [
      'a whole row of a common table expression is used',
      'WITH m AS (SELECT * FROM messages) SELECT ANY_VALUE(m) FROM m',
    ],
    [
      'a whole row is used under another alias',
      'WITH m AS (SELECT * FROM messages) SELECT COUNT(x) FROM m AS x',
    ],
    ['the SELECT is DISTINCT', 'SELECT id FROM (SELECT DISTINCT * FROM messages)'],
    ['it is part of a union', 'SELECT id FROM (SELECT * FROM messages UNION ALL SELECT * FROM view)'],
    [
      'a PIVOT groups by all other columns',
      'SELECT id FROM (SELECT * FROM messages) PIVOT(COUNT(body) FOR id IN (1))',
    ],
    ['it makes a STRUCT', 'SELECT ARRAY(SELECT AS STRUCT * FROM messages)'],
    ['ORDER BY uses a position', 'SELECT id FROM (SELECT * FROM messages ORDER BY 2)'],
    ['the table definition is unknown', 'SELECT id FROM (SELECT * FROM unknown)'],
    ['the WITH is RECURSIVE', 'WITH RECURSIVE m AS (SELECT * FROM messages) SELECT id FROM m'],
  ])('do not replace the star if %s', (_why, sql) => {
    expect(neededColumns(subject(sql))).toBeNull();
  });
});

describe('columns of small types and those named elsewhere in the query', () => {
  test.each([
    ['SELECT * FROM messages', 'SELECT id, created_at FROM messages'],
    [
      "SELECT * FROM messages WHERE body LIKE 'a%'",
      "SELECT id, body, created_at FROM messages WHERE body LIKE 'a%'",
    ],
    [
      'SELECT m.*, a.* FROM messages m JOIN agents a USING (id)',
      'SELECT m.id, m.created_at, a.* FROM messages m JOIN agents a USING (id)',
    ],
    ['SELECT DISTINCT * FROM messages', 'SELECT DISTINCT id, created_at FROM messages'],
    [
      'WITH m AS (SELECT * FROM messages) SELECT * FROM m',
      'WITH m AS (SELECT id, created_at FROM messages) SELECT * FROM m',
    ],
  ])('replace the star of %s', (sql, expected) => {
    const candidate = smallColumns(subject(sql));

    expect(after(sql, candidate)).toBe(expected);
    expect(candidate?.result).toBe('changed');
  });

  test.each([
    ['all columns are small', 'SELECT * FROM agents'],
    ['no column is small', 'SELECT * FROM loads'],
    ['several tables share a bare star', 'SELECT * FROM messages JOIN agents USING (id)'],
    ['the star has an EXCEPT', 'SELECT * EXCEPT (body) FROM messages'],
    ['only rows are counted', 'SELECT COUNT(*) FROM messages'],
    ['an asterisk is a multiplication', 'SELECT id * 2 FROM messages'],
    ['the star is in EXISTS', 'SELECT 1 FROM agents WHERE EXISTS (SELECT * FROM messages)'],
  ])('do not replace the star if %s', (_why, sql) => {
    expect(smallColumns(subject(sql))).toBeNull();
  });
});
