import { describe, expect, test } from 'vitest';
import { partitionFilter } from '../../src/advice/partition-filter.ts';
import { after, subject } from './builders.ts';

const RECENT = 'created_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY)';

describe('a recent range on the partition column', () => {
  test.each([
    ['in a query without WHERE', 'SELECT id FROM messages', `SELECT id FROM messages WHERE ${RECENT}`],
    [
      'before later clauses and comments',
      'SELECT id, COUNT(*) FROM messages -- all\nGROUP BY id ORDER BY 2 LIMIT 3;',
      `SELECT id, COUNT(*) FROM messages WHERE ${RECENT} -- all\nGROUP BY id ORDER BY 2 LIMIT 3;`,
    ],
    [
      'before an existing condition',
      'SELECT id FROM messages WHERE id = 1 -- one\n',
      `SELECT id FROM messages WHERE ${RECENT} AND id = 1 -- one\n`,
    ],
    [
      'before alternatives, which get parentheses',
      'SELECT id FROM messages WHERE id = 1 OR id = 2 /* or */ QUALIFY TRUE',
      `SELECT id FROM messages WHERE ${RECENT} AND (id = 1 OR id = 2) /* or */ QUALIFY TRUE`,
    ],
    [
      'at the right place after surrogate pairs',
      "SELECT '😀', /* 😀 */ id FROM messages",
      `SELECT '😀', /* 😀 */ id FROM messages WHERE ${RECENT}`,
    ],
    [
      'with the alias of its table in a join',
      'SELECT m.id FROM `p.d.messages` AS m JOIN agents USING (id)',
      `SELECT m.id FROM \`p.d.messages\` AS m JOIN agents USING (id) WHERE m.${RECENT}`,
    ],
    [
      'for each table without a filter',
      'SELECT 1 FROM messages JOIN payments ON TRUE WHERE note IS NULL',
      `SELECT 1 FROM messages JOIN payments ON TRUE WHERE messages.${RECENT} AND payments.paid_on >= DATE_SUB(CURRENT_DATE(), INTERVAL 7 DAY) AND note IS NULL`,
    ],
    [
      'for the table whose rows an outer join keeps',
      'SELECT 1 FROM messages LEFT JOIN agents USING (id)',
      `SELECT 1 FROM messages LEFT JOIN agents USING (id) WHERE messages.${RECENT}`,
    ],
    [
      'inside a subquery',
      'SELECT * FROM agents WHERE id IN (SELECT id FROM messages)',
      `SELECT * FROM agents WHERE id IN (SELECT id FROM messages WHERE ${RECENT})`,
    ],
    [
      'inside a common table expression',
      'WITH m AS (SELECT id FROM messages GROUP BY id) SELECT * FROM m',
      `WITH m AS (SELECT id FROM messages WHERE ${RECENT} GROUP BY id) SELECT * FROM m`,
    ],
    [
      'in each part of a union',
      'SELECT id FROM messages UNION ALL SELECT id FROM payments',
      `SELECT id FROM messages WHERE ${RECENT} UNION ALL SELECT id FROM payments WHERE paid_on >= DATE_SUB(CURRENT_DATE(), INTERVAL 7 DAY)`,
    ],
    [
      'on a DATETIME column whose name is a keyword',
      'SELECT agent FROM shifts',
      'SELECT agent FROM shifts WHERE `end` >= DATETIME_SUB(CURRENT_DATETIME(), INTERVAL 7 DAY)',
    ],
    [
      'on the ingestion time',
      'SELECT row FROM loads',
      'SELECT row FROM loads WHERE _PARTITIONTIME >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY)',
    ],
  ])('is added %s', (_where, sql, expected) => {
    const candidate = partitionFilter(subject(sql));

    expect(after(sql, candidate)).toBe(expected);
    expect(candidate?.result).toBe('changed');
  });

  test.each([
    ['a table that is already filtered', "SELECT id FROM messages WHERE created_at > '2026-01-01'"],
    [
      'a table that is filtered by ingestion date',
      "SELECT row FROM loads WHERE _PARTITIONDATE = '2026-01-01'",
    ],
    ['a table without partitions', 'SELECT id FROM agents'],
    ['a table partitioned by integers', 'SELECT id FROM ranges'],
    ['a view', 'SELECT id FROM view'],
    ['a table of unknown definition', 'SELECT id FROM unknown'],
    ['the optional side of an outer join', 'SELECT 1 FROM agents LEFT JOIN messages USING (id)'],
    ['tables in a FULL JOIN', 'SELECT 1 FROM messages FULL JOIN payments USING (id)'],
    ['the optional side of a RIGHT JOIN', 'SELECT 1 FROM messages RIGHT JOIN agents USING (id)'],
    ['a script', 'SELECT id FROM messages; SELECT 1'],
    ['a statement other than a query', 'DELETE FROM messages WHERE TRUE'],
    ['SQL that cannot be read', 'SELECT id FRM messages'],
  ])('is not added to %s', (_what, sql) => {
    expect(partitionFilter(subject(sql))).toBeNull();
  });
});
