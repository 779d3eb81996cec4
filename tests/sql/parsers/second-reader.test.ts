import { describe, expect, test } from 'vitest';
import { readWithSecondParser } from '../../../src/sql/parsers/second-reader.ts';
import { defaults } from '../readings.ts';

describe('the second reader', () => {
  test('counts a table as read with all its columns', () => {
    const found = readWithSecondParser('SELECT x FROM `p.e.t` WHERE created_at > 1', defaults);

    expect(found).toMatchObject({
      ok: true,
      star: true,
      tables: [{ table: { tableId: 't' }, star: true, filtered: [] }],
    });
  });

  test('omits common table expressions, but lists a dataset’s table of the same name', () => {
    const sql = 'WITH a AS (SELECT x FROM d.t) SELECT (SELECT COUNT(*) FROM a) FROM d.a';

    const found = readWithSecondParser(sql, defaults);

    const tables = found.ok ? found.tables.map(({ table }) => `${table.datasetId}.${table.tableId}`) : [];
    expect(tables.toSorted()).toEqual(['d.a', 'd.t']);
  });

  test.each([
    'WITH a AS (SELECT x FROM a) SELECT x FROM a',
    'WITH b AS (SELECT x FROM (SELECT x FROM a)), a AS (SELECT 1 AS x) SELECT x FROM b, a',
  ])('lists a common table expression as a table if a table of that name may be read: %s', (sql) => {
    const found = readWithSecondParser(sql, defaults);

    expect(found.ok && found.tables.map(({ table }) => `${table.datasetId}.${table.tableId}`)).toContain(
      'd.a',
    );
  });

  test('lists a table of a script even if another statement has a common table expression of that name', () => {
    const sql = 'WITH a AS (SELECT x FROM d.t) SELECT x FROM a; SELECT x FROM a';

    const found = readWithSecondParser(sql, defaults);

    const tables = found.ok ? found.tables.map(({ table }) => `${table.datasetId}.${table.tableId}`) : [];
    expect(tables).toContain('d.a');
  });

  test.each([
    'INSERT INTO my-project.e.t VALUES (1)',
    'INSERT INTO `my-project`.e.t (a) SELECT 1',
    'INSERT INTO `my-project`.`e`.`t` SELECT 1',
    'INSERT INTO `my-project.e.t` VALUES (1)',
  ])('names the table that is filled with its dataset: %s', (sql) => {
    const found = readWithSecondParser(sql, defaults);

    expect(found).toMatchObject({
      tables: [{ table: { projectId: 'my-project', datasetId: 'e', tableId: 't' } }],
      writes: [{ projectId: 'my-project', datasetId: 'e', tableId: 't' }],
    });
  });
});
