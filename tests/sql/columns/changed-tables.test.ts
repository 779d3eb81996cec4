import { describe, expect, test } from 'vitest';
import { read, useOf } from '../readings.ts';

const INSERT_X = 'WHEN NOT MATCHED THEN INSERT (id, x) VALUES (u.id, u.y)';
const UPDATE_X = 'WHEN MATCHED THEN UPDATE SET x = u.y';
const DELETE_DAY = "WHEN NOT MATCHED BY SOURCE AND t.day = '2026-01-01' THEN DELETE";

describe('the table that a statement changes is filtered by', () => {
  test.each([
    "UPDATE e.t SET x = 1 WHERE day = '2026-01-01'",
    "UPDATE e.t AS a SET x = 1 WHERE a.day = '2026-01-01'",
    "UPDATE e.t SET x = u.y FROM e.u WHERE t.id = u.id AND t.day = '2026-01-01'",
    "DELETE FROM e.t WHERE day = '2026-01-01'",
    "DELETE e.t a WHERE a.day = '2026-01-01'",
    "DELETE FROM `p.e.t` WHERE `p.e.t`.day = '2026-01-01'",
    `MERGE e.t USING e.u ON t.id = u.id AND t.day = '2026-01-01' ${UPDATE_X} ${INSERT_X}`,
    "MERGE e.t USING e.u ON t.id = u.id WHEN MATCHED AND t.day = '2026-01-01' THEN DELETE",
    `MERGE e.t AS t USING e.u AS u ON FALSE ${INSERT_X} ${DELETE_DAY}`,
    `MERGE e.t USING e.u ON FALSE ${INSERT_X} WHEN NOT MATCHED BY SOURCE AND day = '2026-01-01' THEN DELETE`,
    `MERGE e.t USING e.u ON t.id = u.id WHEN MATCHED AND t.day = '2026-01-01' THEN DELETE ${DELETE_DAY}`,
  ])('the day in: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').filtered).toContain('day');
  });

  test.each([
    'UPDATE e.t SET day = x WHERE TRUE',
    "UPDATE e.t SET x = u.y FROM e.u WHERE t.id = u.id AND u.day = '2026-01-01'",
    "DELETE FROM e.t WHERE EXISTS (SELECT 1 FROM e.u WHERE u.id = t.id AND t.day = '2026-01-01')",
    `MERGE e.t USING e.u ON t.id = u.id AND u.day = '2026-01-01' ${UPDATE_X}`,
    `MERGE e.t USING e.u ON t.id = u.id AND t.day = '2026-01-01' ${UPDATE_X} WHEN NOT MATCHED BY SOURCE THEN DELETE`,
    `MERGE e.t USING e.u ON t.id = u.id WHEN MATCHED AND t.day = '2026-01-01' THEN DELETE ${INSERT_X}`,
    `MERGE e.t USING e.u ON t.id = u.id ${UPDATE_X} ${DELETE_DAY}`,
    `MERGE e.t USING e.u ON t.day = u.day ${UPDATE_X}`,
  ])('no day in: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').filtered).not.toContain('day');
  });
});

describe('a table that a statement reads beside the one that it changes is filtered by', () => {
  test.each([
    "UPDATE e.t SET x = u.y FROM e.u WHERE t.id = u.id AND u.day = '2026-01-01'",
    "UPDATE e.t SET x = v.y FROM e.v JOIN e.u ON v.id = u.id AND u.day = '2026-01-01' WHERE t.id = v.id",
    "UPDATE e.t SET x = (SELECT MAX(y) FROM e.u WHERE day = '2026-01-01') WHERE TRUE",
    "UPDATE e.t SET x = c.y FROM (SELECT * FROM e.u) AS c WHERE t.id = c.id AND c.day = '2026-01-01'",
    "DELETE FROM e.t WHERE id IN (SELECT id FROM e.u WHERE day = '2026-01-01')",
    `MERGE e.t USING (SELECT * FROM e.u WHERE day = '2026-01-01') AS u ON t.id = u.id ${UPDATE_X} ${INSERT_X}`,
    `MERGE e.t USING e.u ON t.id = u.id AND u.day = '2026-01-01' ${UPDATE_X}`,
    "MERGE e.t USING e.u ON FALSE WHEN NOT MATCHED AND u.day = '2026-01-01' THEN INSERT ROW",
    "MERGE e.t USING e.u ON FALSE WHEN NOT MATCHED AND day = '2026-01-01' THEN INSERT ROW",
  ])('the day in: %s', (sql) => {
    expect(useOf(sql, 'p.e.u').filtered).toContain('day');
  });

  test.each([
    "UPDATE e.t SET x = u.y FROM e.u WHERE t.id = u.id AND t.day = '2026-01-01'",
    `MERGE e.t USING e.u ON t.id = u.id AND u.day = '2026-01-01' ${UPDATE_X} ${INSERT_X}`,
    `MERGE e.t USING e.u ON t.id = u.id WHEN MATCHED AND u.day = '2026-01-01' THEN DELETE ${INSERT_X}`,
    `MERGE e.t USING e.u ON t.id = u.id WHEN MATCHED AND u.day = '2026-01-01' THEN DELETE ${DELETE_DAY}`,
  ])('no day in: %s', (sql) => {
    expect(useOf(sql, 'p.e.u').filtered).not.toContain('day');
  });
});

test.each([
  'UPDATE e.t SET x = u.y FROM e.u WHERE t.id = u.id',
  'UPDATE e.t SET x = (SELECT MAX(y) FROM e.u WHERE u.id = t.id) WHERE TRUE',
  'UPDATE e.t SET x = c.z FROM (SELECT id, y AS z FROM e.u) AS c WHERE t.id = c.id',
  `MERGE e.t USING e.u ON t.id = u.id ${UPDATE_X}`,
  `MERGE e.t USING e.u ON t.id = u.id ${INSERT_X}`,
  'MERGE e.t USING e.u ON t.id = u.id WHEN NOT MATCHED THEN INSERT (id, y) VALUES (id, y)',
  'MERGE e.t USING (SELECT * FROM e.u) AS s ON t.id = s.id WHEN NOT MATCHED BY TARGET THEN INSERT (id, y) VALUES (id, y)',
  'MERGE e.t USING (SELECT id, y AS z FROM e.u) AS c ON t.id = c.id WHEN MATCHED THEN UPDATE SET x = c.z',
  'MERGE e.t USING e.v ON t.id = v.id WHEN MATCHED THEN UPDATE SET x = (SELECT MAX(y) FROM e.u)',
])('what a change takes over from another table counts as selected from it: %s', (sql) => {
  const { projected } = useOf(sql, 'p.e.u');

  expect(projected).toContain('y');
  expect(projected).not.toContain('x');
});

test('the tables of a MERGE are joined by its condition', () => {
  const sql = `MERGE e.t USING e.u ON t.id = u.key ${UPDATE_X}`;

  expect(useOf(sql, 'p.e.t').joined).toEqual(['id']);
  expect(useOf(sql, 'p.e.u').joined).toEqual(['key']);
});

describe('an array of a row that a statement changes, or changes by, is not a table:', () => {
  test.each([
    ['DELETE FROM e.t AS a WHERE EXISTS (SELECT 1 FROM a.items AS i WHERE i.x = 1)', ['p.e.t']],
    ['DELETE FROM e.t WHERE EXISTS (SELECT 1 FROM t.items AS i WHERE i.x = 1)', ['p.e.t']],
    ['UPDATE e.t SET n = (SELECT COUNT(*) FROM t.items) WHERE TRUE', ['p.e.t']],
    ['UPDATE e.t SET n = (SELECT COUNT(*) FROM u.items) FROM e.u WHERE TRUE', ['p.e.t', 'p.e.u']],
    [
      'UPDATE e.t SET n = (SELECT COUNT(*) FROM u.items) FROM e.v JOIN e.u USING (id) WHERE TRUE',
      ['p.e.t', 'p.e.v', 'p.e.u'],
    ],
    [
      'MERGE e.t AS a USING e.u ON EXISTS (SELECT 1 FROM a.items) WHEN MATCHED THEN UPDATE SET n = (SELECT COUNT(*) FROM u.items)',
      ['p.e.t', 'p.e.u'],
    ],
  ])('%s', (sql, tables) => {
    const reading = read(sql);

    expect(
      reading.tables.map(({ table }) => `${table.projectId}.${table.datasetId}.${table.tableId}`),
    ).toEqual(tables);
    expect(reading.star).toBe(false);
  });

  test.each([
    'UPDATE e.t SET x = 1 FROM t.items WHERE TRUE',
    'MERGE e.t USING t.items AS i ON FALSE WHEN MATCHED THEN DELETE',
  ])('but the tables beside it cannot see its rows: %s', (sql) => {
    expect(useOf(sql, 'p.t.items').star).toBe(false);
  });
});

test.each([
  'UPDATE e.u SET x = TO_JSON_STRING(t) FROM e.v JOIN e.t USING (id) WHERE u.id = v.id',
  'UPDATE e.t SET x = TO_JSON_STRING(t) WHERE TRUE',
  "DELETE FROM e.t AS a WHERE TO_JSON_STRING(a) LIKE '%b%'",
  "DELETE FROM e.t WHERE EXISTS (SELECT 1 FROM e.u WHERE TO_JSON_STRING(t) LIKE '%b%')",
])('a row that a change takes whole counts as a star: %s', (sql) => {
  expect(useOf(sql, 'p.e.t').star).toBe(true);
});
