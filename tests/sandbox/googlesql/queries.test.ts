import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { useWarehouse } from '../warehouse.ts';

const { plan, rows, values, opened } = useWarehouse();

describe('GoogleSQL has the meaning that it has in BigQuery', () => {
  test.each<[string, unknown]>([
    ["EXTRACT(DAYOFWEEK FROM DATE '2026-11-22')", '1'],
    ["EXTRACT(WEEK FROM DATE '2026-11-22')", '47'],
    ["EXTRACT(ISOWEEK FROM DATE '2026-11-22')", '47'],
    ["EXTRACT(DATE FROM TIMESTAMP '2026-11-22 23:00:00+00')", '2026-11-22'],
    ["EXTRACT(MILLISECOND FROM TIMESTAMP '2026-11-22 23:00:30.456789+00')", '456'],
    ["EXTRACT(MICROSECOND FROM TIME '23:00:30.456789')", '456789'],
    ["DATE_TRUNC(DATE '2026-11-25', WEEK)", '2026-11-22'],
    ["DATE_TRUNC(DATE '2026-11-25', WEEK(MONDAY))", '2026-11-23'],
    ["DATE_TRUNC(DATE '2026-11-25', ISOWEEK)", '2026-11-23'],
    ["DATE_TRUNC(DATE '2026-11-25', QUARTER)", '2026-10-01'],
    ["DATE_ADD(DATE '2026-01-31', INTERVAL 1 MONTH)", '2026-02-28'],
    ["DATE_SUB(DATE '2026-03-01', INTERVAL 1 WEEK)", '2026-02-22'],
    ["DATE_DIFF(DATE '2026-03-01', DATE '2026-02-28', MONTH)", '1'],
    ["TIMESTAMP_DIFF(TIMESTAMP '2026-11-25', TIMESTAMP '2026-11-24 00:00:01', DAY)", '0'],
    ["DATE(TIMESTAMP '2026-11-25 01:00:00+00', 'America/Sao_Paulo')", '2026-11-24'],
    ["TIMESTAMP_TRUNC(TIMESTAMP '2026-11-25 01:00:00+00', DAY, 'America/Sao_Paulo')", '1795489200000000'],
    ["FORMAT_DATE('%Y-%m', DATE '2026-11-25')", '2026-11'],
    ["FORMAT_DATE('%%F is %F', DATE '2026-11-25')", '%F is 2026-11-25'],
    [
      "FORMAT_TIMESTAMP('%F %T', TIMESTAMP '2026-11-25 01:00:00+00', 'America/Sao_Paulo')",
      '2026-11-24 22:00:00',
    ],
    ["PARSE_DATE('%d/%m/%Y', '25/11/2026')", '2026-11-25'],
    ["SAFE.PARSE_DATE('%d/%m/%Y', 'never')", null],
    ["PARSE_TIMESTAMP('%Y-%m-%d %H:%M', '2026-01-01 00:00')", '1767225600000000'],
    ['TIMESTAMP_MILLIS(1767225600000)', '1767225600000000'],
    ["UNIX_SECONDS(TIMESTAMP '2026-01-01')", '1767225600'],
    ["DATETIME(TIMESTAMP '2026-11-25 01:00:00+00', 'America/Sao_Paulo')", '2026-11-24T22:00:00'],
    ['SAFE_DIVIDE(1, 0)', null],
    ['7 / 2', '3.5'],
    ['DIV(7, 2)', '3'],
    ['1.5 + 1', '2.5'],
    ["CAST('12.34' AS NUMERIC) * 3", '37.02'],
    ["SAFE_CAST('x' AS INT64)", null],
    ["IF(TRUE, 'a', 'b')", 'a'],
    ["REGEXP_CONTAINS('abc', r'^a.c$')", 'true'],
    ["REGEXP_CONTAINS('abc', r'b')", 'true'],
    ["REGEXP_EXTRACT('ab12', r'(\\d+)')", '12'],
    ["REGEXP_EXTRACT('ab12', r'\\d+')", '12'],
    ["REGEXP_EXTRACT('ab12', r'b(?:1)(?P<last>2)')", '2'],
    ["REGEXP_EXTRACT('(ab)', r'\\([(a]b[)]')", '(ab)'],
    ["REGEXP_EXTRACT('ab', r'\\d')", null],
    ["ARRAY_TO_STRING(REGEXP_EXTRACT_ALL('a1b2', r'\\d'), ',')", '1,2'],
    ["ARRAY_TO_STRING(REGEXP_EXTRACT_ALL('a1b2', r'([a-z])\\d'), ',')", 'a,b'],
    ["REGEXP_REPLACE('a1b2', r'\\d', '-')", 'a-b-'],
    ["'a_b' LIKE r'a\\_b'", 'true'],
    ["'axb' LIKE r'a\\_b'", 'false'],
    ["'a_b' LIKE 'a%'", 'true'],
    ["TO_HEX(MD5('a'))", '0cc175b9c0f1b6a831c399e269772661'],
    ["MD5('a')", 'DMF1ucDxtqgxw5niaXcmYQ=='],
    ["SUBSTR('apple', 2, 3)", 'ppl'],
    ["SUBSTR('apple', 0, 2)", 'ap'],
    ["SUBSTR('apple', -2)", 'le'],
    ["SUBSTR('apple', -9, 2)", 'ap'],
    ["SPLIT('a,b')[OFFSET(1)]", 'b'],
    ["SPLIT('a,b')[ORDINAL(1)]", 'a'],
    ["SPLIT('a,b')[SAFE_OFFSET(2)]", null],
    ["BYTE_LENGTH('é')", '2'],
    ["LENGTH('é')", '1'],
    [`JSON_VALUE('{"a": {"b": 1}}', '$.a.b')`, '1'],
    [`JSON_VALUE('{"a": [1]}', '$.a')`, null],
    [`JSON_VALUE('{"a": {"b": 1}}', '$.a')`, null],
    [`JSON_VALUE('{"a": "x"}', '$.a')`, 'x'],
    [`JSON_VALUE('{"a": "x"}', '$.b')`, null],
    ['ARRAY_LENGTH(GENERATE_ARRAY(1, 5))', '5'],
    ["STARTS_WITH('abc', 'ab')", 'true'],
    ["CONCAT('a', 'b', 3)", 'ab3'],
    ["CONCAT('a', NULL)", null],
    ["CONCAT('a', IF(FALSE, 'b', NULL))", null],
    ["AI.GENERATE('say a', endpoint => 'gemini').result", 'a made-up answer'],
    ['GREATEST(1, 3, 2)', '3'],
  ])('%s', async (expression, expected) => {
    const [value] = (await values(`SELECT ${expression}`)) ?? [];

    expect(value).toEqual(expected);
  });

  test('nulls come first unless the order says otherwise', async () => {
    const found = await rows('SELECT x FROM UNNEST([2, NULL, 1]) AS x ORDER BY x');

    expect(found.map((row) => row.f[0]?.v)).toEqual([null, '1', '2']);
  });

  test.each([
    ['WITH c AS (SELECT 1 AS a) (SELECT a FROM c) LIMIT 5'],
    ["WITH c AS (SELECT 1 AS a, '🎉' AS b) -- (\n((SELECT a FROM c) ORDER BY a)"],
    ['SELECT * FROM (WITH c AS (SELECT 1 AS a) (SELECT a FROM c) ORDER BY a LIMIT 1)'],
    ["WITH c AS (SELECT ')' AS a), d AS (SELECT 1 AS b) (SELECT b FROM c JOIN d ON c.a = ')') LIMIT 1;"],
  ])('common tables before a query in brackets are its own: %s', async (sql) => {
    expect(await values(sql)).toEqual(['1']);
  });

  test('and so are those before operands of UNION', async () => {
    const found = await rows(
      'WITH c AS (SELECT 1 AS a) (SELECT a FROM c) UNION ALL (SELECT a + 1 FROM c) ORDER BY a',
    );

    expect(found.map(({ f }) => f.map(({ v }) => v))).toEqual([['1'], ['2']]);
  });

  test('array elements come with their offsets', async () => {
    const found = await rows("SELECT x, i FROM UNNEST(['a', 'b']) AS x WITH OFFSET AS i ORDER BY i");

    expect(found.map((row) => row.f.map((cell) => cell.v))).toEqual([
      ['a', '0'],
      ['b', '1'],
    ]);
  });

  test('a table is found by every spelling of its name', async () => {
    const ways = [
      'atendimento.agents',
      '`atendimento.agents`',
      '`guardrail-demo`.atendimento.agents',
      '`guardrail-demo.atendimento.agents`',
      'guardrail-demo.atendimento.agents',
    ];

    const counts = await Promise.all(ways.map((name) => values(`SELECT COUNT(*) FROM ${name}`)));

    expect(new Set(counts.flat())).toEqual(new Set(['240']));
    expect(
      await values(
        'SELECT COUNT(`guardrail-demo.atendimento.agents`.`name`) FROM `guardrail-demo.atendimento.agents`',
      ),
    ).toEqual(['240']);
  });

  test('columns without a name are called f0_, f1_', async () => {
    const { schema } = await plan('SELECT NULL, 2 AS two, COUNT(*) FROM atendimento.agents');

    expect(schema.map((field) => field.name)).toEqual(['f0_', 'two', 'f1_']);
  });

  test('values have the types that BigQuery gives them', async () => {
    const { schema } = await plan(
      `SELECT 1 AS i, 1.5 AS f, NUMERIC '1' AS n, SUM(1) AS s, TIMESTAMP '2026-01-01' AS t, DATETIME '2026-01-01 00:00:00' AS dt,
         DATE_TRUNC(DATE '2026-01-01', MONTH) AS d, [1] AS a, STRUCT('x' AS y) AS r, b'x' AS b`,
    );

    expect(schema.map(({ type, mode }) => `${type} ${mode}`)).toEqual([
      'INTEGER NULLABLE',
      'FLOAT NULLABLE',
      'NUMERIC NULLABLE',
      'INTEGER NULLABLE',
      'TIMESTAMP NULLABLE',
      'DATETIME NULLABLE',
      'DATE NULLABLE',
      'INTEGER REPEATED',
      'RECORD NULLABLE',
      'BYTES NULLABLE',
    ]);
  });
});

test('any text passed as a parameter is returned unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (value) => {
      const found = await values('SELECT @text', [
        { name: 'text', parameterType: { type: 'STRING' }, parameterValue: { value } },
      ]);
      expect(found).toEqual([value]);
    }),
    { numRuns: 60 },
  );
});

test('bytes are given in base64', async () => {
  const found = await values('SELECT LENGTH(@bytes), @bytes', [
    { name: 'bytes', parameterType: { type: 'BYTES' }, parameterValue: { value: 'YWI=' } },
  ]);

  expect(found).toEqual(['2', 'YWI=']);
});

test('a required column takes no null', async () => {
  await rows('CREATE TABLE finops.strict (a INT64, b STRING NOT NULL)');

  await expect(rows('INSERT INTO finops.strict (a) VALUES (1)')).rejects.toMatchObject({
    reason: 'invalidQuery',
    message: 'Required field b cannot be null',
  });
  await rows('DROP TABLE finops.strict');
});

test('array and struct parameters are bound, and a missing one is reported', async () => {
  const int = { type: 'INT64' };
  const found = await values('SELECT ARRAY_LENGTH(@ids), @who.name', [
    {
      name: 'ids',
      parameterType: { type: 'ARRAY', arrayType: int },
      parameterValue: { arrayValues: [{ value: '1' }, { value: '2' }] },
    },
    {
      name: 'who',
      parameterType: { type: 'STRUCT', structTypes: [{ name: 'name', type: { type: 'STRING' } }] },
      parameterValue: { structValues: { name: { value: 'Ana' } } },
    },
  ]);

  expect(found).toEqual(['2', 'Ana']);
  await expect(plan('SELECT @absent')).rejects.toMatchObject({
    reason: 'invalidQuery',
    message: "Query parameter 'absent' not found",
  });
});

describe('statements that change data', () => {
  test('create, fill, change, read and drop a table and a view', async () => {
    const statements = [
      "CREATE TABLE atendimento.made AS SELECT 1 AS a, NUMERIC '1.5' AS n",
      'INSERT atendimento.made (a, n) VALUES (2, 2.5)',
      'UPDATE atendimento.made SET n = 3 WHERE a = 1',
      'MERGE atendimento.made t USING (SELECT 5 AS a) s ON t.a = s.a WHEN NOT MATCHED THEN INSERT (a) VALUES (a)',
      'DELETE FROM atendimento.made WHERE a = 2',
      'CREATE VIEW atendimento.made_view AS SELECT a FROM atendimento.made',
    ];
    const types = [];
    for (const sql of statements) {
      const planned = await plan(sql);
      await opened().run(planned, new AbortController().signal);
      types.push(planned.statementType);
    }

    expect(types).toEqual(['CREATE_TABLE_AS_SELECT', 'INSERT', 'UPDATE', 'MERGE', 'DELETE', 'CREATE_VIEW']);
    expect((await rows('SELECT a FROM atendimento.made_view ORDER BY a')).map((row) => row.f[0]?.v)).toEqual([
      '1',
      '5',
    ]);
    expect((await plan('SELECT a FROM atendimento.made_view')).totalBytesProcessed).toBe(16n);
    await rows('DROP VIEW atendimento.made_view');
    await rows('DROP TABLE atendimento.made');
    await expect(plan('SELECT * FROM atendimento.made')).rejects.toMatchObject({ reason: 'notFound' });
  });

  test('wait for each other, as those of a tool that builds several tables at once', async () => {
    const numbers = Array.from({ length: 30 }, (_, index) => index);

    await Promise.all(
      numbers.map((number) => rows(`CREATE VIEW atendimento.parallel_${number} AS SELECT ${number} AS a`)),
    );

    const made = await rows(
      "SELECT COUNT(*) FROM atendimento.INFORMATION_SCHEMA.TABLES WHERE table_name LIKE 'parallel%'",
    );
    expect(made[0]?.f[0]?.v).toBe('30');
    for (const number of numbers) await rows(`DROP VIEW atendimento.parallel_${number}`);
  });

  test('run after one that fails', async () => {
    const fails = rows(
      'INSERT atendimento.agents (agent_id) SELECT CAST(name AS INT64) FROM atendimento.agents',
    );
    const follows = rows('CREATE VIEW atendimento.behind AS SELECT 1 AS a');

    await expect(fails).rejects.toThrow();
    await follows;

    await rows('DROP VIEW atendimento.behind');
  });
});
