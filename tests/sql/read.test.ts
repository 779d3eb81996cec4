import sqlParser from 'node-sql-parser';
import { describe, expect, test } from 'vitest';
import { tableName } from '../../src/vocabulary/table.ts';
import { read } from './readings.ts';

describe('reading tables', () => {
  test.each([
    [
      'one pair of backticks',
      'SELECT x FROM `guardrail-demo.atendimento.messages`',
      ['guardrail-demo.atendimento.messages'],
    ],
    [
      'backticks around parts',
      'SELECT x FROM `guardrail-demo`.atendimento.`messages`',
      ['guardrail-demo.atendimento.messages'],
    ],
    [
      'no backticks at all',
      'SELECT x FROM guardrail-demo.atendimento.messages',
      ['guardrail-demo.atendimento.messages'],
    ],
    ['the job project by default', 'SELECT x FROM e.t', ['p.e.t']],
    ['the default dataset', 'SELECT x FROM t', ['p.d.t']],
    ['a wildcard', 'SELECT x FROM `p.e.events_*`', ['p.e.events_*']],
    [
      'an information schema',
      'SELECT x FROM `p.e`.INFORMATION_SCHEMA.COLUMNS',
      ['p.e.INFORMATION_SCHEMA.COLUMNS'],
    ],
    ['common tables left out', 'WITH c AS (SELECT x FROM e.t) SELECT x FROM c', ['p.e.t']],
    ['a set operation', 'SELECT x FROM e.a UNION ALL SELECT x FROM e.b', ['p.e.a', 'p.e.b']],
    ['a subquery in a condition', 'SELECT x FROM e.a WHERE x IN (SELECT y FROM e.b)', ['p.e.a', 'p.e.b']],
    ['an insert from a query', 'INSERT INTO e.a (x) SELECT y FROM e.b', ['p.e.a', 'p.e.b']],
    ['a table made from a query', 'CREATE TABLE e.a AS SELECT y FROM e.b', ['p.e.a', 'p.e.b']],
    [
      'a merge',
      'MERGE e.a t USING e.b s ON t.i = s.i WHEN MATCHED THEN UPDATE SET x = 1',
      ['p.e.a', 'p.e.b'],
    ],
    ['a script', 'SELECT 1; DELETE FROM e.a WHERE x = 1', ['p.e.a']],
  ])('names them by %s', (_how, sql, tables) => {
    const found = read(sql);

    expect(found.reader).toBe('polyglot');
    expect(found.tables.map((use) => tableName(use.table)).sort()).toEqual(tables);
  });

  test('agrees with node-sql-parser wherever that reads', () => {
    const queries = [
      'SELECT a.x, COUNT(*) FROM e.a JOIN e.b ON a.i = b.i GROUP BY a.x',
      'WITH c AS (SELECT * FROM e.t WHERE k = 2) SELECT x FROM c JOIN e.u USING (k)',
      'SELECT x FROM e.a WHERE EXISTS (SELECT 1 FROM e.b WHERE b.i = a.i) ORDER BY x LIMIT 5',
      "SELECT DATE_TRUNC(dia, MONTH) m, SUM(valor) FROM finops.payments WHERE dia >= '2026-01-01' GROUP BY m",
    ];

    for (const sql of queries) {
      // It lists common tables as well, without a dataset: the one way in which the two differ.
      const second = new sqlParser.Parser()
        .tableList(sql, { database: 'bigquery' })
        .map((entry) => entry.split('::'))
        .filter(([, dataset]) => dataset !== 'null')
        .map(([, , table]) => table);

      const first = read(sql).tables.map((use) => use.table.tableId);

      expect(first.sort()).toEqual(second.sort());
    }
  });
});

describe('the limit', () => {
  test('finds the outermost limit', () => {
    expect(read('SELECT x FROM (SELECT x FROM e.t LIMIT 5) LIMIT 10').limit).toBe(10);
    expect(read('SELECT x FROM (SELECT x FROM e.t LIMIT 5)').limit).toBeNull();
  });

  test.each(['1e400', '9'.repeat(400), '1.5'])('finds no limit in %s, which is no count of rows', (limit) => {
    expect(read(`SELECT x FROM e.t LIMIT ${limit}`).limit).toBeNull();
  });
});

describe('words end where BigQuery ends them', () => {
  test.each([
    ['a start of a comment inside of a comment', 'SELECT 1, /* /* */ (SELECT MAX(x) FROM e.t) -- */'],
    ['the same on lines', '/* a /* b\n*/ SELECT x FROM e.t /* c */ -- */'],
    ['an escape in a quoted name', 'SELECT 1 AS `a\\` , ` , (SELECT MAX(x) FROM e.t) AS `b -- \\` , `'],
    ['a raw text', "SELECT r'\\'', (SELECT MAX(x) FROM e.t), r'\\''"],
    ['a comment whose end takes the star of a start', 'SELECT x FROM e.u /* a /*/ , e.t --*/'],
    ['a remark right behind a name', 'SELECT x FROM e.t#\nWHERE y = 1'],
    ['a remark right behind a name, read by the second parser', "SELECT rb'a' FROM e.t--\n"],
    ['a raw text in three quotes', "SELECT r'''a\\''' FROM e.u -- ''' FROM e.t"],
    ['bytes in three quotes', "SELECT b'''a' FROM e.u -- ''' FROM e.t"],
    ['raw bytes', "SELECT rb'a\\' FROM e.u -- ' FROM e.t"],
  ])('%s', (_what, sql) => {
    expect(read(sql).tables.map(({ table }) => table.tableId)).toContain('t');
  });
});
