import fc from 'fast-check';
import sqlParser from 'node-sql-parser';
import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../src/sql/fingerprint.ts';
import { readSql } from '../../src/sql/read.ts';
import { readWithSecondParser } from '../../src/sql/second-reader.ts';
import { tableName } from '../../src/vocabulary/table.ts';

const defaults = { projectId: 'p', defaultDataset: { datasetId: 'd' } };

function read(sql: string) {
  return readSql(sql, defaults);
}

function useOf(sql: string, table: string) {
  const use = read(sql).tables.find((candidate) => tableName(candidate.table) === table);
  if (use === undefined) throw new Error(`${table} is not among the tables of: ${sql}`);
  return use;
}

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

describe('reading how columns are used', () => {
  test('tells projected, filtered, joined and grouped columns of each table', () => {
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

  test('follows a filter through a common table', () => {
    const sql =
      'WITH c AS (SELECT x, created_at FROM e.t) SELECT x FROM c WHERE created_at > CURRENT_TIMESTAMP()';

    expect(useOf(sql, 'p.e.t').filtered).toEqual(['created_at']);
  });

  test('counts a column that could be of two tables for neither', () => {
    const sql = 'SELECT 1 FROM e.a, e.b WHERE created_at > CURRENT_TIMESTAMP()';

    expect(useOf(sql, 'p.e.a').filtered).toEqual([]);
    expect(useOf(sql, 'p.e.b').filtered).toEqual([]);
  });

  test.each([
    ['SELECT * FROM e.t', true],
    ['SELECT m.* FROM e.t AS m', true],
    ['SELECT * EXCEPT (body) FROM e.t', true],
    ['SELECT m FROM e.t AS m', true],
    ['SELECT TO_JSON_STRING(t) FROM e.t', true],
    ['WITH c AS (SELECT * FROM e.t) SELECT x FROM c', true],
    ['SELECT COUNT(*) FROM e.t', false],
    ['SELECT * FROM (SELECT x FROM e.t)', false],
    ['SELECT x, y FROM e.t LIMIT 10', false],
  ])('%s takes every column: %s', (sql, star) => {
    expect(read(sql).star).toBe(star);
    expect(useOf(sql, 'p.e.t').star).toBe(star);
  });

  test('finds the outermost limit', () => {
    expect(read('SELECT x FROM (SELECT x FROM e.t LIMIT 5) LIMIT 10').limit).toBe(10);
    expect(read('SELECT x FROM (SELECT x FROM e.t LIMIT 5)').limit).toBeNull();
  });

  test.each(['1e400', '9'.repeat(400), '1.5'])('finds no limit in %s, which is no count of rows', (limit) => {
    expect(read(`SELECT x FROM e.t LIMIT ${limit}`).limit).toBeNull();
  });
});

describe('SQL that is hard to read', { timeout: 30_000 }, () => {
  test.each([
    ['nonsense', 'SELEC x FRM t WHERE'],
    ['an open quote', "SELECT 'abc FROM t"],
    ['nothing', ''],
    ['a null byte', 'SELECT \u0000'],
    ['a lone surrogate', 'SELECT \ud800'],
    ['deep nesting', `SELECT ${'('.repeat(50_000)}1${')'.repeat(50_000)}`],
    ['more than is parsed', `SELECT '${'x'.repeat(1 << 20)}'`],
  ])('%s is unread with a reason or read, and never thrown', (_what, sql) => {
    const found = read(sql);

    expect(found.reader === 'none').toBe(found.unreadReason !== null);
    expect(found.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  });

  test('counts as read whole where only the second reader reads it', () => {
    const found = readWithSecondParser('SELECT x FROM `p.e.t` WHERE created_at > 1', defaults);

    expect(found).toMatchObject({
      ok: true,
      star: true,
      tables: [{ table: { tableId: 't' }, star: true, filtered: [] }],
    });
  });
});

describe('the second reader', () => {
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
    const found = readWithSecondParser(sql, { projectId: 'p', defaultDataset: { datasetId: 'd' } });

    expect(found.ok && found.tables.map(({ table }) => `${table.datasetId}.${table.tableId}`)).toContain(
      'd.a',
    );
  });

  test('takes no table of a script for one that another of its statements makes up', () => {
    const sql = 'WITH a AS (SELECT x FROM d.t) SELECT x FROM a; SELECT x FROM a';

    const found = readWithSecondParser(sql, { projectId: 'p', defaultDataset: { datasetId: 'd' } });

    const tables = found.ok ? found.tables.map(({ table }) => `${table.datasetId}.${table.tableId}`) : [];
    expect(tables).toContain('d.a');
  });
});

describe('the fingerprint', () => {
  const base = "SELECT a, b FROM `p.e.t` WHERE x IN (1, 2) AND y = 'z'";

  test.each([
    "select a,b\nfrom `p.e.t` where x in (3,4,5) and y = 'other'",
    "SELECT a, b /* why */ FROM `p.e.t` -- here\nWHERE x IN (1) AND y = r'''raw''';",
    '# remark\nSELECT a, b FROM `p.e.t` WHERE x IN (1e3, 0x1F) AND y = """long\ntext"""',
  ])('is the same for %j', (sql) => {
    expect(fingerprintOf(sql)).toBe(fingerprintOf(base));
  });

  test.each([base.replace('p.e.t', 'p.e.u'), base.replace('a, b', 'a, c'), base.replace('AND', 'OR')])(
    'differs for %j',
    (sql) => {
      expect(fingerprintOf(sql)).not.toBe(fingerprintOf(base));
    },
  );

  test('does not depend on which literals stand in a query', () => {
    const literal = fc.oneof(
      fc.nat().map(String),
      fc.string().map((text) => JSON.stringify(text)),
    );

    fc.assert(
      fc.property(literal, literal, (one, other) => {
        expect(fingerprintOf(`SELECT x FROM t WHERE y = ${one}`)).toBe(
          fingerprintOf(`SELECT x FROM t WHERE y = ${other}`),
        );
      }),
    );
  });
});

describe('a star is seen', () => {
  test.each([
    'SELECT * FROM d.t',
    'SELECT t.* FROM d.t',
    'SELECT d.t.* FROM d.t',
    'SELECT t.*/* hidden */ FROM d.t',
    'SELECT */* hidden */ FROM d.t',
    'SELECT t . * FROM d.t',
    'SELECT (t).* FROM d.t',
    'SELECT `x.u`.* FROM d.u, d.t AS `x.u`',
    'SELECT `p.d.t`.* FROM `p.d.t`, d.u',
    'SELECT * EXCEPT (a) FROM d.t',
    'SELECT DISTINCT * FROM d.t',
    'SELECT AS STRUCT * FROM d.t',
    'SELECT t FROM d.t',
    'SELECT TO_JSON_STRING(x) FROM d.t AS x',
    'SELECT x.* FROM (SELECT * FROM d.t) AS x',
    'CREATE TABLE d.u AS SELECT * FROM d.t',
    'INSERT INTO d.u SELECT * FROM d.t',
  ])('%s', (sql) => {
    const { tables } = readSql(sql, { projectId: 'p', defaultDataset: null });

    expect(tables.filter((use) => use.star).map((use) => use.table.tableId)).toEqual(['t']);
  });

  test.each([
    'SELECT * FROM d.f(1)',
    'SELECT x.* FROM d.f(1) AS x',
    'SELECT `x.u`.* FROM (SELECT a FROM d.u) AS u, d.f(1) AS `x.u`',
    'SELECT * EXCEPT (a) FROM d.t JOIN `p.d.f`(1) USING (b)',
    "SELECT * FROM EXTERNAL_QUERY('p.us.c', 'SELECT 1')",
    'SELECT * FROM d.f(1) PIVOT (SUM(a) FOR b IN (1))',
    'SELECT TO_JSON_STRING(x) FROM d.f(1) AS x',
    'SELECT a FROM (SELECT * FROM d.f(1))',
  ])('over what a function gives: %s', (sql) => {
    expect(readSql(sql, { projectId: 'p', defaultDataset: null }).star).toBe(true);
  });

  test.each([
    'SELECT COUNT(*) FROM d.t',
    'SELECT COUNT(*) FROM d.f(1)',
    'SELECT a FROM d.f(1) AS x',
    'SELECT c.* FROM d.f(1) AS x, (SELECT a FROM d.t) AS c',
    'SELECT d.u.* FROM d.f(1) AS x, (SELECT a FROM d.t) AS u',
    'SELECT * FROM UNNEST(d.f(1))',
    'SELECT x.* FROM d.t, UNNEST([STRUCT(1 AS a)]) AS x',
    'SELECT a * b FROM d.t',
  ])('and only where there is one: %s', (sql) => {
    expect(readSql(sql, { projectId: 'p', defaultDataset: null }).star).toBe(false);
  });
});

describe('SQL that can do other than it says is unread, with the tables that it names', () => {
  test.each([
    ["SELECT x FROM e.t; EXECUTE IMMEDIATE 'DELETE FROM e.u WHERE TRUE'", /EXECUTE IMMEDIATE/],
    ['SELECT x FROM e.t; CALL e.p()', /CALL/],
    ["SET @@dataset_id = 'other'; SELECT x FROM e.t", /@@dataset_id/],
    ["SET @@dataset_project_id = 'other'; SELECT x FROM e.t", /@@dataset_project_id/],
    ["SET @@query_label = 'guardrail_decision:1'; SELECT x FROM e.t", /@@query_label/],
    ['SELECT x FROM e.t; CREATE SNAPSHOT TABLE e.s CLONE e.u', /without being parsed/],
    ['SELECT x FROM e.t; BEGIN SELECT * FROM e.u; END', /without being parsed/],
    ['SELECT x FROM e.t, `e.\\u0075`', /escape/],
    ['SELECT x FROM e.t -- \r, e.u', /carriage return/],
    ['#legacySQL\nSELECT x FROM e.t', /legacy SQL/],
    ['-- a remark\n/* another */ #LEGACYSQL\nSELECT x FROM e.t', /legacy SQL/],
  ])('%s', (sql, reason) => {
    const reading = read(sql);

    expect(reading).toMatchObject({ reader: 'none', unreadReason: expect.stringMatching(reason) });
    expect(reading.tables.map(({ table }) => table.tableId)).toContain('t');
  });

  test.each([
    "SET @@time_zone = 'UTC'; SELECT x FROM e.t",
    'BEGIN TRANSACTION; INSERT INTO e.t SELECT 1; COMMIT TRANSACTION',
    'SELECT x -- a remark\r\nFROM e.t',
    "SELECT 'a\\'b' FROM e.t",
    'SELECT x FROM e.t\n#legacySQL',
    '#standardSQL\nSELECT x FROM e.t',
  ])('but not where it says all: %s', (sql) => {
    expect(read(sql).unreadReason).toBe(null);
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

test('a table that is given to a function is read with all of its columns', () => {
  expect(useOf('SELECT x FROM APPENDS(TABLE e.t, NULL, NULL) AS a', 'p.e.t').star).toBe(true);
  expect(useOf('SELECT x FROM ML.PREDICT(MODEL e.t, (SELECT y FROM e.u))', 'p.e.t').star).toBe(false);
});

describe('columns are followed', () => {
  test.each([
    ['a subquery', 'SELECT y FROM (SELECT x AS y, day FROM e.t) WHERE day > 1', ['day']],
    ['a star', 'WITH c AS (SELECT * FROM e.t) SELECT x FROM c WHERE day > 1', ['day']],
    [
      'names that change',
      'WITH c AS (SELECT day AS d FROM e.t), b AS (SELECT d AS f FROM c) SELECT 1 FROM b WHERE f > 1',
      ['day'],
    ],
    ['an expression', "SELECT 1 FROM (SELECT DATE(day) AS d FROM e.t) WHERE d > '2026-01-01'", ['day']],
    [
      'a set operation, by position',
      'SELECT 1 FROM (SELECT x, day AS d FROM e.t UNION ALL SELECT 1, 2) WHERE d > 1',
      ['day'],
    ],
    ['a qualified name', 'SELECT 1 FROM e.t AS m JOIN e.u USING (i) WHERE m.day > 1', ['day']],
    [
      'a whole path, as Metabase writes it',
      'SELECT 1 FROM `p.e.t` LEFT JOIN e.u USING (i) WHERE `p.e.t`.`day` > 1',
      ['day'],
    ],
    ['a field of a column', 'SELECT 1 FROM e.t WHERE day.start > 1 AND t.other.start > 1', ['day', 'other']],
    [
      'a join with a list in which it does not stand',
      'SELECT 1 FROM e.t, (SELECT 1 AS i) AS c WHERE day > i',
      ['day'],
    ],
    [
      'not through a join with a list in which it stands',
      'SELECT 1 FROM e.t, (SELECT 1 AS day) AS c WHERE day > 1',
      [],
    ],
    [
      'PIVOT',
      'SELECT * FROM (SELECT x, y, day FROM e.t) PIVOT (SUM(x) FOR y IN (1, 2)) WHERE day > 1',
      ['day'],
    ],
    ['parentheses around joins', 'SELECT 1 FROM (e.t JOIN e.u USING (i)) WHERE t.day > 1', ['day']],
    ['a statement that makes a table', 'CREATE TABLE e.n AS SELECT x FROM e.t WHERE day > 1', ['day']],
  ])('through %s', (_what, sql, filtered) => {
    expect(useOf(sql, 'p.e.t').filtered.toSorted()).toEqual(filtered);
  });

  test.each([
    'SELECT 1 FROM e.t WHERE day > 1 UNION ALL SELECT 2 FROM e.t',
    'SELECT 1 FROM e.t AS a JOIN e.t AS b USING (i) WHERE a.day > 1',
    'SELECT 1 FROM e.t WHERE day > 1 AND i IN (SELECT i FROM e.t)',
    'INSERT INTO e.t (x) SELECT x FROM e.t WHERE day > 1',
  ])('and filter a table only where they filter each mention of it: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').filtered).toEqual([]);
  });

  test.each([
    ['two branches', 'SELECT x FROM c WHERE day > 1 UNION ALL SELECT x FROM c'],
    ['a join with itself', 'SELECT 1 FROM c AS l JOIN c AS r USING (i) WHERE l.day > 1'],
    ['a list', 'SELECT x FROM c WHERE day > 1 AND i IN (SELECT i FROM c)'],
    ['a filter on another column', 'SELECT x FROM c WHERE day > 1 UNION ALL SELECT x FROM c WHERE x > 1'],
  ])('nor by a filter on one of two reads of a common table: %s', (_what, query) => {
    expect(useOf(`WITH c AS (SELECT * FROM e.t) ${query}`, 'p.e.t').filtered).toEqual([]);
    expect(useOf(`WITH c AS (SELECT x, i, day FROM e.t) ${query}`, 'p.e.t').filtered).toEqual([]);
  });

  test.each([
    'WITH c AS (SELECT * FROM e.t), d AS (SELECT * FROM c WHERE day > 1) SELECT x FROM d UNION ALL SELECT x FROM c',
    'WITH c AS (SELECT * FROM e.t), d AS (SELECT * FROM c) SELECT x FROM d WHERE day > 1 UNION ALL SELECT x FROM d',
    'WITH RECURSIVE a AS (SELECT x FROM c), c AS (SELECT * FROM e.t) SELECT x FROM c WHERE day > 1 UNION ALL SELECT x FROM a',
    'WITH RECURSIVE c AS (SELECT x, day FROM e.t UNION ALL SELECT x, day FROM c) SELECT x FROM c WHERE day > 1',
  ])('nor through others, or behind itself: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').filtered).toEqual([]);
  });

  test.each([
    'WITH c AS (SELECT x FROM e.t WHERE day > 1) SELECT x FROM c UNION ALL SELECT x FROM c',
    'WITH c AS (SELECT * FROM e.t) SELECT x FROM c WHERE day > 1',
    'WITH c AS (SELECT * FROM e.t) SELECT x FROM c WHERE day > 1 UNION ALL SELECT x FROM c WHERE day > 2',
    'WITH c AS (SELECT x, day, day AS d FROM e.t) SELECT x FROM c WHERE day > 1 UNION ALL SELECT x FROM c WHERE d > 2',
    'WITH c AS (SELECT * FROM e.t), d AS (SELECT * FROM c WHERE day > 1) SELECT x FROM d UNION ALL SELECT x FROM d',
    'WITH c AS (SELECT * FROM e.t), d AS (SELECT * FROM c) SELECT x FROM d WHERE day > 1 UNION ALL SELECT x FROM c WHERE day > 2',
    'WITH RECURSIVE c AS (SELECT * FROM e.t) SELECT x FROM c WHERE day > 1',
  ])('but by those that all reads of a common table share: %s', (sql) => {
    expect(useOf(sql, 'p.e.t').filtered).toEqual(['day']);
  });

  test('to what they are grouped by, by name or by place', () => {
    expect(useOf('SELECT day AS d, COUNT(*) FROM e.t GROUP BY d', 'p.e.t').grouped).toEqual(['day']);
    expect(useOf('SELECT day AS d, COUNT(*) FROM e.t GROUP BY 1', 'p.e.t').grouped).toEqual(['day']);
  });

  test('in a time that does not grow out of bounds', () => {
    const level = (i: number, list: string) => `a${i + 1} AS (SELECT ${list} FROM a${i} AS l, a${i} AS r)`;
    const levels = (list: string) =>
      `WITH a0 AS (SELECT x FROM e.t), ${Array.from({ length: 60 }, (_, i) => level(i, list)).join(', ')}`;

    expect(useOf(`${levels('l.x + r.x AS x')} SELECT x FROM a60`, 'p.e.t').projected).toEqual(['x']);
    expect(useOf(`${levels('*')} SELECT x FROM a60`, 'p.e.t').star).toBe(false);
    expect(read(`SELECT x FROM e.t${' UNION ALL SELECT x FROM e.t'.repeat(200)}`).reader).toBe('polyglot');
  }, 30_000);
});
