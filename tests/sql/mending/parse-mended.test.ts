import { describe, expect, test } from 'vitest';
import { parseMended } from '../../../src/sql/mending/parse-mended.ts';
import { Dialect, parse } from '../../../src/sql/syntax/polyglot.ts';
import { read } from '../readings.ts';

/** Keywords of other dialects, or of GoogleSQL in other places, that are plain names in GoogleSQL. */
const WORDS =
  `begin cache check cluster column comment describe execute filter final first format function index input key language
  last load match namespace old output pattern percent primary references replace restrict row schema sequence show
  start system table temp trigger type unique update values view`.split(/\s+/);

/** Where a name may stand. */
const PLACES: readonly [place: string, sqlOf: (name: string) => string][] = [
  ['the alias of a table', (name) => `SELECT ${name}.a FROM e.t ${name} JOIN e.u ON ${name}.a = u.b`],
  ['the alias of a table taken whole', (name) => `SELECT TO_JSON_STRING(${name}) FROM e.t ${name}`],
  [
    'the alias of a joined table',
    (name) => `SELECT u.b FROM e.u JOIN e.t ${name} USING (b) WHERE ${name}.c = 1`,
  ],
  ['the alias of a subquery', (name) => `SELECT ${name}.a FROM (SELECT a FROM e.t WHERE b = 1) ${name}`],
  ['the alias of an array', (name) => `SELECT t.a FROM e.t, UNNEST(t.xs) ${name} WHERE t.b = 1`],
  [
    'the target of MERGE',
    (name) => `MERGE e.t ${name} USING e.u s ON ${name}.a = s.a WHEN NOT MATCHED THEN INSERT ROW`,
  ],
];

describe('a name that the parser takes for a keyword', () => {
  test.each(PLACES)('as %s is read as if it were quoted', (_place, sqlOf) => {
    const readings = WORDS.map((word) => [word, summaryOf(sqlOf(word))]);

    expect(readings).toEqual(WORDS.map((word) => [word, summaryOf(sqlOf(`\`${word}\``))]));
  });

  test('is one that it does not read unmended, or this tests nothing', () => {
    const unread = WORDS.filter((word) => !parse(`SELECT a FROM e.t ${word}`, Dialect.BigQuery).success);

    expect(unread.length).toBeGreaterThan(WORDS.length / 2);
  });

  test('is read in several places, and behind characters of two code units', () => {
    const sql = "SELECT '🎉', old.a FROM e.t old JOIN e.u final ON old.a = final.a JOIN e.v row USING (a)";

    expect(summaryOf(sql)).toMatchObject({ reader: 'polyglot', tables: ['t', 'u', 'v'] });
  });

  test.each([
    [
      'the field that an UPDATE sets',
      'MERGE e.t USING e.u s ON t.a = s.a WHEN MATCHED THEN UPDATE SET t.language = s.b',
    ],
    [
      'a column in the lists of an INSERT of MERGE',
      'MERGE e.t USING e.u s ON FALSE WHEN NOT MATCHED THEN INSERT (input, output) VALUES (input, output)',
    ],
    [
      'the first column that an UPDATE sets',
      'MERGE e.t USING e.u s ON t.a = s.a WHEN MATCHED THEN UPDATE SET output = s.b, a = 1',
    ],
    [
      'a measure',
      'SELECT start FROM e.t MATCH_RECOGNIZE (ORDER BY a MEASURES MIN(a) AS start PATTERN (x) DEFINE x AS b = 1), e.u',
    ],
    [
      'a parameter',
      'CREATE TEMP FUNCTION f(key BYTES, pattern INT64) AS (pattern); SELECT f(a, b) FROM e.t JOIN e.u USING (a)',
    ],
  ])('is read as %s', (_place, sql) => {
    expect(summaryOf(sql)).toMatchObject({ reader: 'polyglot', tables: ['t', 'u'] });
  });
});

describe('SQL stays unread', () => {
  test('with more such names than anybody writes', () => {
    expect(parseMended(`SELECT 1 FROM ${'e.t old, '.repeat(10)}e.t`).success).toBe(true);
    expect(parseMended(`SELECT 1 FROM ${'e.t old, '.repeat(11)}e.t`).success).toBe(false);
  });

  test.each([
    ['where a name is taken for something else later', 'SELECT insert.a FROM e.t insert'],
    ['where the keyword is not the reason', 'DROP SEARCH INDEX i ON e.t'],
    ['as a procedure that a query defines', 'CREATE PROCEDURE e.p(a STRING) AS SELECT 1 BEGIN SELECT 2; END'],
  ])('%s', (_what, sql) => {
    expect(read(sql)).toMatchObject({ reader: 'none', unreadReason: expect.stringMatching(/Parse error/) });
  });
});

/** What a reading says, apart from the text's own positions and fingerprint. */
function summaryOf(sql: string) {
  const { reader, statement, star, tables } = read(sql);
  const uses = tables.map(({ table, ...use }) => [table.tableId, use] as const);
  return { reader, statement, star, tables: uses.map(([name]) => name).toSorted(), uses };
}
