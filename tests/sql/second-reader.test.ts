import { describe, expect, test } from 'vitest';
import { readWithSecondParser } from '../../src/sql/second-reader.ts';
import { defaults } from './readings.ts';

describe('the second reader', () => {
  test('counts as read whole where only the second reader reads it', () => {
    const found = readWithSecondParser('SELECT x FROM `p.e.t` WHERE created_at > 1', defaults);

    expect(found).toMatchObject({
      ok: true,
      star: true,
      tables: [{ table: { tableId: 't' }, star: true, filtered: [] }],
    });
  });

  test('takes common tables for none, and a table of a dataset that has the name of one for itself', () => {
    const sql = 'WITH a AS (SELECT x FROM d.t) SELECT (SELECT COUNT(*) FROM a) FROM d.a';

    const found = readWithSecondParser(sql, defaults);

    const tables = found.ok ? found.tables.map(({ table }) => `${table.datasetId}.${table.tableId}`) : [];
    expect(tables.toSorted()).toEqual(['d.a', 'd.t']);
  });

  test.each([
    'WITH a AS (SELECT x FROM a) SELECT x FROM a',
    'WITH b AS (SELECT x FROM (SELECT x FROM a)), a AS (SELECT 1 AS x) SELECT x FROM b, a',
  ])('takes a common table for one of that name where the table itself may be read: %s', (sql) => {
    const found = readWithSecondParser(sql, defaults);

    expect(found.ok && found.tables.map(({ table }) => `${table.datasetId}.${table.tableId}`)).toContain(
      'd.a',
    );
  });

  test('takes no table of a script for one that another of its statements makes up', () => {
    const sql = 'WITH a AS (SELECT x FROM d.t) SELECT x FROM a; SELECT x FROM a';

    const found = readWithSecondParser(sql, defaults);

    const tables = found.ok ? found.tables.map(({ table }) => `${table.datasetId}.${table.tableId}`) : [];
    expect(tables).toContain('d.a');
  });
});
