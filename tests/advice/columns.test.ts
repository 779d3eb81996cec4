import { describe, expect, test } from 'vitest';
import { neededColumns, smallColumns } from '../../src/advice/columns.ts';
import { after, subject } from './builders.ts';

describe('the columns that are named further out', () => {
  test.each([
    [
      'in a subquery',
      'SELECT id FROM (SELECT * FROM messages) WHERE body IS NULL',
      'SELECT id FROM (SELECT id, body FROM messages) WHERE body IS NULL',
    ],
    [
      'in a common table, whatever the case',
      'WITH m AS (SELECT /* all */ * FROM messages) SELECT m.ID FROM m',
      'WITH m AS (SELECT /* all */ id FROM messages) SELECT m.ID FROM m',
    ],
    [
      'by the name of their table',
      'SELECT tags FROM (SELECT m.*, a.active FROM messages AS m JOIN agents AS a USING (id))',
      'SELECT tags FROM (SELECT m.id, m.tags, a.active FROM messages AS m JOIN agents AS a USING (id))',
    ],
    [
      'where none is',
      'SELECT COUNT(*) FROM (SELECT * FROM messages)',
      'SELECT COUNT(*) FROM (SELECT 1 FROM messages)',
    ],
    [
      'beside others of the same SELECT',
      'SELECT id FROM (SELECT *, LENGTH(body) AS long FROM messages ORDER BY created_at)',
      'SELECT id FROM (SELECT id, body, created_at, LENGTH(body) AS long FROM messages ORDER BY created_at)',
    ],
    [
      'by quoted names',
      'SELECT `tags` FROM (SELECT * FROM `p.d.messages`)',
      'SELECT `tags` FROM (SELECT tags FROM `p.d.messages`)',
    ],
  ])('stand in place of the star %s', (_how, sql, expected) => {
    const candidate = neededColumns(subject(sql));

    expect(after(sql, candidate)).toBe(expected);
    expect(candidate?.result).toBe('same');
  });

  test.each([
    ['the star is the result', 'SELECT * FROM messages'],
    ['another star takes all of them', 'WITH m AS (SELECT * FROM messages) SELECT * FROM m'],
    ['another star takes all but some', 'SELECT * EXCEPT (id) FROM (SELECT * FROM messages)'],
    ['a star of its name takes all of them', 'SELECT m.* FROM (SELECT * FROM messages) AS m'],
    ['a whole row is taken', 'SELECT TO_JSON_STRING(m) FROM (SELECT * FROM messages) AS m'],
    [
      'a whole row of a common table is taken',
      'WITH m AS (SELECT * FROM messages) SELECT ANY_VALUE(m) FROM m',
    ],
    [
      'a whole row is taken under another name',
      'WITH m AS (SELECT * FROM messages) SELECT COUNT(x) FROM m AS x',
    ],
    ['equal rows count once', 'SELECT id FROM (SELECT DISTINCT * FROM messages)'],
    ['it is part of a union', 'SELECT id FROM (SELECT * FROM messages UNION ALL SELECT * FROM view)'],
    ['all others group a pivot', 'SELECT id FROM (SELECT * FROM messages) PIVOT(COUNT(body) FOR id IN (1))'],
    ['it is a value', 'SELECT ARRAY(SELECT AS STRUCT * FROM messages)'],
    ['its columns are counted', 'SELECT id FROM (SELECT * FROM messages ORDER BY 2)'],
    ['the table is not told', 'SELECT id FROM (SELECT * FROM unknown)'],
    ['a common table reads itself', 'WITH RECURSIVE m AS (SELECT * FROM messages) SELECT id FROM m'],
  ])('do not where %s', (_why, sql) => {
    expect(neededColumns(subject(sql))).toBeNull();
  });
});

describe('columns of small types', () => {
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
  ])('and those that are named stand in place of %s', (sql, expected) => {
    const candidate = smallColumns(subject(sql));

    expect(after(sql, candidate)).toBe(expected);
    expect(candidate?.result).toBe('changed');
  });

  test.each([
    ['all columns are small', 'SELECT * FROM agents'],
    ['none is', 'SELECT * FROM loads'],
    ['several tables share a bare star', 'SELECT * FROM messages JOIN agents USING (id)'],
    ['the star leaves some out itself', 'SELECT * EXCEPT (body) FROM messages'],
    ['only rows are counted', 'SELECT COUNT(*) FROM messages'],
    ['a product looks like a star', 'SELECT id * 2 FROM messages'],
    ['nothing but being there counts', 'SELECT 1 FROM agents WHERE EXISTS (SELECT * FROM messages)'],
  ])('do not where %s', (_why, sql) => {
    expect(smallColumns(subject(sql))).toBeNull();
  });
});
