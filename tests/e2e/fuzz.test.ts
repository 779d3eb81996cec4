import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { useHouse } from './guardrail.ts';
import { raw } from './raw.ts';

const house = useHouse({ sandbox: { messages: 3000 } });
/** For a long run: `FUZZ_SECONDS=2700 FUZZ_RUNS=1000000`; each run has its own seed. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 500);
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 240);

/** One character of JSON text, as itself or escaped. */
const character = (c: string) =>
  fc.constantFrom(
    c,
    `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );

/** A JSON string that reads as the text, in one of its many spellings. */
const jsonString = (text: string) =>
  fc
    .tuple(
      ...[...text].map((c) =>
        c === '"' || c === '\\' || c < ' '
          ? fc.constant(JSON.stringify(c).slice(1, -1))
          : fc.oneof({ weight: 9, arbitrary: fc.constant(c) }, { weight: 1, arbitrary: character(c) }),
      ),
    )
    .map((characters) => `"${characters.join('')}"`);

const gap = fc.constantFrom(' ', '\n', '\t', '/**/', ' -- x\n', '\r\n ', ' # y\n', '/* ; */ ');
const word = (text: string) =>
  fc
    .tuple(...[...text].map((c) => fc.constantFrom(c.toLowerCase(), c.toUpperCase())))
    .map((cs) => cs.join(''));
const table = fc.constantFrom(
  'atendimento.messages',
  '`atendimento.messages`',
  '`atendimento`.`messages`',
  '`guardrail-demo.atendimento.messages`',
  '`guardrail-demo`.atendimento.messages',
  'atendimento . messages',
  'atendimento.conversations',
);
const tail = fc.constantFrom('', ' LIMIT 1', '\nORDER BY 1', ' WHERE 1 = 1', '/* end */');

/** Stars, each with the table alias that it needs. */
const star = fc.constantFrom(
  ['*', ''],
  ['ALL *', ''],
  ['* EXCEPT (ticket_id)', ''],
  ['x.*', ' AS x'],
  ['x . *', ' x'],
  ['`x`.*/**/', ' AS `x`'],
  ['(x).*', ' x'],
  ['x', ' AS x'],
  ['DISTINCT TO_JSON_STRING(x)', ' AS x'],
);

/** The forbidden query by itself, and nested in other queries. */
const within = fc.constantFrom(
  (inner: string) => inner,
  (inner: string) => `-- Metabase:: userID: 1 queryType: MBQL queryHash: 0a\n${inner}`,
  (inner: string) => `/* x */ ${inner};`,
  (inner: string) => `(${inner})`,
  (inner: string) => `WITH q AS (${inner}) SELECT * FROM q`,
  (inner: string) => `SELECT q FROM (${inner}) AS q`,
  // The columns that EXISTS itself lists are read by nobody.
  (inner: string) =>
    `SELECT name FROM atendimento.agents WHERE EXISTS (SELECT 1 FROM (${inner}) AS q WHERE TO_JSON_STRING(q) != '')`,
  (inner: string) => `SELECT 1 AS a UNION ALL SELECT COUNT(*) FROM (${inner})`,
  (inner: string) => `SELECT ARRAY_LENGTH(ARRAY(SELECT 1 FROM (${inner} )))`,
  (inner: string) => `CREATE OR REPLACE TABLE atendimento.copy AS ${inner}`,
);

/** The forbidden query, in one of its many spellings. */
const sql = fc
  .tuple(within, word('select'), gap, star, gap, word('from'), gap, table, tail)
  .map(([wrap, select, a, [stars, alias], b, from, c, name, end]) =>
    wrap(`${select}${a}${stars}${b}${from}${c}${name}${alias}${end}`),
  );

const path = fc.constantFrom(
  '/bigquery/v2/projects/guardrail-demo/',
  '//bigquery/v2/projects/guardrail-demo/',
  '/bigquery/%762/projects/guardrail-demo//',
  '/BIGQUERY/v2/./projects/x/../guardrail-demo/',
  '/bigquery/v2/projects/guardrail%2Ddemo/',
);
const search = fc.constantFrom('', '?alt=json', '?prettyPrint=false&fields=rows', '?key=x', '?%24alt=json');

/** One of the ways in which the API takes a query. */
const request = fc.tuple(sql, path, fc.boolean(), search).chain(([text, prefix, isInsert, query]) =>
  jsonString(text).map((spelled) => ({
    target: `${prefix}${isInsert ? 'jobs' : 'queries'}${query}`,
    body: isInsert
      ? `{"configuration": {"query": {"useLegacySql": false, "query": ${spelled}}}}`
      : `{"query": "SELECT 1", "useLegacySql": false, "query": ${spelled}}`,
    sql: text,
  })),
);

const encoding = fc.constantFrom(
  { headers: {}, encode: (body: string) => Buffer.from(body) },
  { headers: { 'content-encoding': 'gzip' }, encode: (body: string) => gzipSync(body) },
  { headers: { 'content-encoding': 'deflate' }, encode: (body: string) => deflateSync(body) },
  { headers: { 'transfer-encoding': 'chunked' }, encode: (body: string) => Buffer.from(body) },
  { headers: { 'content-type': 'text/plain; charset=utf-16' }, encode: (body: string) => Buffer.from(body) },
  { headers: {}, encode: (body: string) => Buffer.from(body, 'utf16le') },
);

test(
  'a forbidden query never runs in any of many spellings',
  async () => {
    const seen = new Map<number, number>();

    await fc.assert(
      fc.asyncProperty(request, encoding, async ({ target, body, sql: text }, { headers, encode }) => {
        const answer = await raw(house.guardrail().proxyUrl, 'POST', target, encode(body), headers);

        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
        // Refused by the rule, not a query, or nothing that the sandbox prices; never a result, and never a failure.
        expect([400, 403, 501], `${text}\n${answer.text}`).toContain(answer.status);
      }),
      { numRuns: RUNS, interruptAfterTimeLimit: SECONDS * 1000 },
    );

    const [jobs] = await house.direct().getJobs({ allUsers: true });
    expect(jobs).toEqual([]);
    const sent = [...seen.values()].reduce((sum, count) => sum + count, 0);
    process.stdout.write(`${sent} requests by status: ${JSON.stringify([...seen])}\n`);
    // Most of them must have been read as queries, or the test proves little.
    expect(seen.get(403)).toBeGreaterThan(sent / 2);
  },
  SECONDS * 1000 + 60_000,
);
