import { describe, expect, test } from 'vitest';
import { read } from './readings.ts';

describe('SQL that is hard to read', { timeout: 30_000 }, () => {
  test.each([
    ['nonsense', 'SELEC x FRM t WHERE'],
    ['an unclosed quote', "SELECT 'abc FROM t"],
    ['empty SQL', ''],
    ['a null byte', 'SELECT \u0000'],
    ['a lone surrogate', 'SELECT \ud800'],
    ['deep nesting', `SELECT ${'('.repeat(50_000)}1${')'.repeat(50_000)}`],
    ['more than the maximum length', `SELECT '${'x'.repeat(1 << 20)}'`],
  ])('is read, or unread with a reason, but never throws: %s', (_what, sql) => {
    const found = read(sql);

    expect(found.reader === 'none').toBe(found.unreadReason !== null);
    expect(found.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('SQL that may do other things than its text shows is unread, with the tables it names:', () => {
  test.each([
    ["SELECT x FROM e.t; EXECUTE IMMEDIATE 'DELETE FROM e.u WHERE TRUE'", /EXECUTE IMMEDIATE/],
    ['SELECT x FROM e.t; CALL e.p()', /CALL/],
    ["SET @@dataset_id = 'other'; SELECT x FROM e.t", /@@dataset_id/],
    ["SET @@dataset_project_id = 'other'; SELECT x FROM e.t", /@@dataset_project_id/],
    ["SET @@query_label = 'guardrail_decision:1'; SELECT x FROM e.t", /@@query_label/],
    ['SELECT x FROM e.t; CREATE SEARCH INDEX i ON e.u (ALL COLUMNS)', /without being parsed/],
    [
      'SELECT x FROM e.t; BEGIN CREATE MODEL e.m OPTIONS (a = 1) AS SELECT * FROM e.u; END',
      /without being parsed/,
    ],
    ["BEGIN IF x THEN SELECT x FROM e.t; EXECUTE IMMEDIATE 'SELECT 1'; END IF; END", /EXECUTE IMMEDIATE/],
    ['FOR r IN (SELECT x FROM e.t) DO CALL e.p(r.x); END FOR', /CALL/],
    ['SELECT x FROM e.t, `e.\\u0075`', /escape/],
    ['SELECT x FROM e.t -- \r, e.u', /carriage return/],
    ['SELECT x FROM e.t; WITH u AS (SELECT x FROM e.u) u', /no statement/],
    ['EXPLAIN SELECT x FROM e.t', /no statement/],
    ['SELECT x FROM e.t; ALTER TABLE e.u SET OPTIONS (a = (SELECT 1)), SET OPTIONS (b = 2)', /leaves out/],
    ['#legacySQL\nSELECT x FROM e.t', /legacy SQL/],
    ['-- a remark\n/* another */ #LEGACYSQL\nSELECT x FROM e.t', /legacy SQL/],
  ])('%s', (sql, reason) => {
    const reading = read(sql);

    expect(reading).toMatchObject({ reader: 'none', unreadReason: expect.stringMatching(reason) });
    expect(reading.tables.map(({ table }) => table.tableId)).toContain('t');
  });

  /** As many columns without their tables' names as tables, each of which may have them. */
  const ambiguous = (count: number) => {
    const columns = Array.from({ length: count }, (_, index) => `c${index}`);
    const from = `FROM e.t, ${Array.from({ length: count }, (_, index) => `e.t${index}`)}`;
    return [
      ['a list', `SELECT ${columns} ${from}`],
      ['a condition', `SELECT 1 ${from} WHERE ${columns.join(' > 1 AND ')} > 1`],
      ['a common table', `WITH w AS (SELECT * ${from}) SELECT ${columns} FROM w`],
      ['USING', `SELECT 1 FROM e.t ${columns.map((c) => `JOIN e.t${c} USING (${c}a, ${c}b)`).join(' ')}`],
      ['fields', `SELECT ${columns.map((column) => `${column}.*`)} ${from}`],
      [
        'a script',
        Array(6)
          .fill(`SELECT ${columns.slice(0, 40)} ${from}`)
          .join(';'),
      ],
    ] as const;
  };

  test.each(ambiguous(600))('columns that may be any of too many tables’, in %s', (_where, sql) => {
    const reading = read(sql);

    expect(reading).toMatchObject({ reader: 'none', unreadReason: expect.stringMatching(/too many tables/) });
    expect(JSON.stringify(reading).length).toBeLessThan(2_000_000);
    expect(reading.tables.map(({ table }) => table.tableId)).toContain('t');
  });

  test.each(ambiguous(100))('but not those of a large query, in %s', (_where, sql) => {
    expect(read(sql).unreadReason).toBe(null);
  });

  const constants = (count: number) => Array.from({ length: count }, (_, index) => `1 AS c${index}`).join();

  test.each([
    ['a subquery', `SELECT pii FROM (SELECT pii, ${constants(10_000)} FROM e.t)`],
    ['a common table', `WITH w AS (SELECT pii, ${constants(10_000)} FROM e.t) SELECT pii FROM w`],
    [
      'a joined star',
      `WITH w AS (SELECT pii, ${constants(5_000)} FROM e.t) SELECT pii FROM (SELECT * FROM w, w AS v)`,
    ],
  ])('columns of which there are more than BigQuery gives back, in %s', (_where, sql) => {
    expect(read(sql)).toMatchObject({ reader: 'none', unreadReason: expect.stringMatching(/10000 columns/) });
  });

  test('but not as many columns as BigQuery gives back', () => {
    const reading = read(`SELECT pii FROM (SELECT pii, ${constants(9_999)} FROM e.t)`);

    expect(reading).toMatchObject({ unreadReason: null, tables: [{ projected: ['pii'] }] });
  });

  test.each([
    "SET @@time_zone = 'UTC'; SELECT x FROM e.t",
    'BEGIN TRANSACTION; INSERT INTO e.t SELECT 1; COMMIT TRANSACTION',
    'SELECT x -- a remark\r\nFROM e.t',
    "SELECT 'a\\'b' FROM e.t",
    'SELECT x FROM e.t\n#legacySQL',
    '#standardSQL\nSELECT x FROM e.t',
  ])('not so if its text shows everything: %s', (sql) => {
    expect(read(sql).unreadReason).toBe(null);
  });
});
