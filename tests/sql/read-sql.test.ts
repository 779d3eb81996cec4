import sqlParser from 'node-sql-parser';
import { describe, expect, test } from 'vitest';
import { tableName } from '../../src/vocabulary/table.ts';
import { read } from './readings.ts';

describe('reading SQL', () => {
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
    ['the project of the job by default', 'SELECT x FROM e.t', ['p.e.t']],
    ['the default dataset', 'SELECT x FROM t', ['p.d.t']],
    ['a wildcard', 'SELECT x FROM `p.e.events_*`', ['p.e.events_*']],
    [
      'an information schema',
      'SELECT x FROM `p.e`.INFORMATION_SCHEMA.COLUMNS',
      ['p.e.INFORMATION_SCHEMA.COLUMNS'],
    ],
    [
      'a common table expression, which is left out',
      'WITH c AS (SELECT x FROM e.t) SELECT x FROM c',
      ['p.e.t'],
    ],
    ['a set operation', 'SELECT x FROM e.a UNION ALL SELECT x FROM e.b', ['p.e.a', 'p.e.b']],
    ['a subquery in a condition', 'SELECT x FROM e.a WHERE x IN (SELECT y FROM e.b)', ['p.e.a', 'p.e.b']],
    ['an insert from a query', 'INSERT INTO e.a (x) SELECT y FROM e.b', ['p.e.a', 'p.e.b']],
    ['a table created from a query', 'CREATE TABLE e.a AS SELECT y FROM e.b', ['p.e.a', 'p.e.b']],
    [
      'a merge',
      'MERGE e.a t USING e.b s ON t.i = s.i WHEN MATCHED THEN UPDATE SET x = 1',
      ['p.e.a', 'p.e.b'],
    ],
    ['a script', 'SELECT 1; DELETE FROM e.a WHERE x = 1', ['p.e.a']],
  ])('lists the tables of SQL with %s', (_how, sql, tables) => {
    const found = read(sql);

    expect(found.reader).toBe('polyglot');
    expect(found.tables.map((use) => tableName(use.table)).sort()).toEqual(tables);
  });

  test.each([
    ['AI.GENERATE', "SELECT AI.GENERATE(('say: ', body), connection_id => 'us.c').result FROM e.t"],
    ['AI.IF', "SELECT body FROM e.t WHERE AI.IF(('is it rude? ', body), connection_id => 'us.c')"],
    ['ML.GENERATE_TEXT', 'SELECT * FROM ML.GENERATE_TEXT(MODEL e.m, (SELECT body AS prompt FROM e.t))'],
    ['EXTERNAL_QUERY', "SELECT * FROM EXTERNAL_QUERY('us.c', 'SELECT 1')"],
    ['E.REMOTE_FUNCTION', 'SELECT e.remote_function(body) FROM e.t'],
  ])('lists %s, which is also billed outside BigQuery', (name, sql) => {
    expect(read(sql).functions).toContain(name);
  });

  test('lists the same tables as node-sql-parser, for SQL that both read', () => {
    const queries = [
      'SELECT a.x, COUNT(*) FROM e.a JOIN e.b ON a.i = b.i GROUP BY a.x',
      'WITH c AS (SELECT * FROM e.t WHERE k = 2) SELECT x FROM c JOIN e.u USING (k)',
      'SELECT x FROM e.a WHERE EXISTS (SELECT 1 FROM e.b WHERE b.i = a.i) ORDER BY x LIMIT 5',
      "SELECT DATE_TRUNC(dia, MONTH) m, SUM(valor) FROM finops.payments WHERE dia >= '2026-01-01' GROUP BY m",
    ];

    for (const sql of queries) {
      // It also lists common table expressions, without a dataset: the only difference between the two.
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

describe('the limit of a query', () => {
  test('is its outermost LIMIT', () => {
    expect(read('SELECT x FROM (SELECT x FROM e.t LIMIT 5) LIMIT 10').limit).toBe(10);
    expect(read('SELECT x FROM (SELECT x FROM e.t LIMIT 5)').limit).toBeNull();
  });

  test.each(['1e400', '9'.repeat(400), '1.5'])('is null for %s, which is not a number of rows', (limit) => {
    expect(read(`SELECT x FROM e.t LIMIT ${limit}`).limit).toBeNull();
  });
});

describe('a table is found where BigQuery finds it, after', () => {
  test.each([
    ['the start of a comment within a comment', 'SELECT 1, /* /* */ (SELECT MAX(x) FROM e.t) -- */'],
    [
      'the start of a comment within a comment over several lines',
      '/* a /* b\n*/ SELECT x FROM e.t /* c */ -- */',
    ],
    ['an escape in a quoted name', 'SELECT 1 AS `a\\` , ` , (SELECT MAX(x) FROM e.t) AS `b -- \\` , `'],
    ['a raw string', "SELECT r'\\'', (SELECT MAX(x) FROM e.t), r'\\''"],
    [
      'a comment whose end shares its star with the start of a comment',
      'SELECT x FROM e.u /* a /*/ , e.t --*/',
    ],
    ['a comment right after a name', 'SELECT x FROM e.t#\nWHERE y = 1'],
    ['a comment right after a name, read by the second parser', "SELECT rb'a' FROM e.t--\n"],
    ['a raw string in triple quotes', "SELECT r'''a\\''' FROM e.u -- ''' FROM e.t"],
    ['bytes in triple quotes', "SELECT b'''a' FROM e.u -- ''' FROM e.t"],
    ['raw bytes', "SELECT rb'a\\' FROM e.u -- ' FROM e.t"],
  ])('%s', (_what, sql) => {
    expect(read(sql).tables.map(({ table }) => table.tableId)).toContain('t');
  });
});
