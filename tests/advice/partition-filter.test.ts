import { describe, expect, test } from 'vitest';
import { partitionFilter } from '../../src/advice/partition-filter.ts';
import { after, subject } from './builders.ts';

const RECENT = 'created_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY)';

describe('a recent range on the partition column', () => {
  test.each([
    ['where there is no WHERE', 'SELECT id FROM messages', `SELECT id FROM messages WHERE ${RECENT}`],
    [
      'before what follows, and before comments',
      'SELECT id, COUNT(*) FROM messages -- all\nGROUP BY id ORDER BY 2 LIMIT 3;',
      `SELECT id, COUNT(*) FROM messages WHERE ${RECENT} -- all\nGROUP BY id ORDER BY 2 LIMIT 3;`,
    ],
    [
      'before a condition',
      'SELECT id FROM messages WHERE id = 1 -- one\n',
      `SELECT id FROM messages WHERE ${RECENT} AND id = 1 -- one\n`,
    ],
    [
      'around alternatives',
      'SELECT id FROM messages WHERE id = 1 OR id = 2 /* or */ QUALIFY TRUE',
      `SELECT id FROM messages WHERE ${RECENT} AND (id = 1 OR id = 2) /* or */ QUALIFY TRUE`,
    ],
    [
      'behind letters that take two units',
      "SELECT '😀', /* 😀 */ id FROM messages",
      `SELECT '😀', /* 😀 */ id FROM messages WHERE ${RECENT}`,
    ],
    [
      'by the name of a table among others',
      'SELECT m.id FROM `p.d.messages` AS m JOIN agents USING (id)',
      `SELECT m.id FROM \`p.d.messages\` AS m JOIN agents USING (id) WHERE m.${RECENT}`,
    ],
    [
      'for each table that lacks one',
      'SELECT 1 FROM messages JOIN payments ON TRUE WHERE note IS NULL',
      `SELECT 1 FROM messages JOIN payments ON TRUE WHERE messages.${RECENT} AND payments.paid_on >= DATE_SUB(CURRENT_DATE(), INTERVAL 7 DAY) AND note IS NULL`,
    ],
    [
      'for the rows that an outer join keeps',
      'SELECT 1 FROM messages LEFT JOIN agents USING (id)',
      `SELECT 1 FROM messages LEFT JOIN agents USING (id) WHERE messages.${RECENT}`,
    ],
    [
      'inside a subquery',
      'SELECT * FROM agents WHERE id IN (SELECT id FROM messages)',
      `SELECT * FROM agents WHERE id IN (SELECT id FROM messages WHERE ${RECENT})`,
    ],
    [
      'inside a common table',
      'WITH m AS (SELECT id FROM messages GROUP BY id) SELECT * FROM m',
      `WITH m AS (SELECT id FROM messages WHERE ${RECENT} GROUP BY id) SELECT * FROM m`,
    ],
    [
      'in each part of a union',
      'SELECT id FROM messages UNION ALL SELECT id FROM payments',
      `SELECT id FROM messages WHERE ${RECENT} UNION ALL SELECT id FROM payments WHERE paid_on >= DATE_SUB(CURRENT_DATE(), INTERVAL 7 DAY)`,
    ],
    [
      'of a DATETIME whose name is a keyword',
      'SELECT agent FROM shifts',
      'SELECT agent FROM shifts WHERE `end` >= DATETIME_SUB(CURRENT_DATETIME(), INTERVAL 7 DAY)',
    ],
    [
      'of the time of loading',
      'SELECT row FROM loads',
      'SELECT row FROM loads WHERE _PARTITIONTIME >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY)',
    ],
  ])('is put %s', (_where, sql, expected) => {
    const candidate = partitionFilter(subject(sql));

    expect(after(sql, candidate)).toBe(expected);
    expect(candidate?.result).toBe('changed');
  });

  test.each([
    ['a table that is filtered by it', "SELECT id FROM messages WHERE created_at > '2026-01-01'"],
    [
      'a table that is filtered by the day of loading',
      "SELECT row FROM loads WHERE _PARTITIONDATE = '2026-01-01'",
    ],
    ['a table without partitions', 'SELECT id FROM agents'],
    ['whole numbers', 'SELECT id FROM ranges'],
    ['a view', 'SELECT id FROM view'],
    ['a table that the warehouse does not tell of', 'SELECT id FROM unknown'],
    ['the optional side of an outer join', 'SELECT 1 FROM agents LEFT JOIN messages USING (id)'],
    ['what is joined by FULL', 'SELECT 1 FROM messages FULL JOIN payments USING (id)'],
    ['what a later RIGHT makes optional', 'SELECT 1 FROM messages RIGHT JOIN agents USING (id)'],
    ['a script', 'SELECT id FROM messages; SELECT 1'],
    ['a statement that is no query', 'DELETE FROM messages WHERE TRUE'],
    ['what nobody reads', 'SELECT id FRM messages'],
  ])('is not put on %s', (_what, sql) => {
    expect(partitionFilter(subject(sql))).toBeNull();
  });
});
