import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { useHouse } from '../guardrail.ts';
import { hideGuard, hideJob, useDifferential } from './differential.ts';
import { exchange, headerValues, textOf } from './exchange.ts';
import { ENCODINGS, insert, query } from './requests.ts';

const house = useHouse({ sandbox: { messages: 20_000 } });
const { same } = useDifferential('what is guarded', () => ({
  direct: house.sandbox().url,
  guarded: house.guardrail().proxyUrl,
}));

const UNICODE = "SELECT 'ação 👨‍👩‍👧 日本' AS `preço`, b'\\x00\\xff' AS b, 'a\\nb\\t\"' AS q";

const QUERIES: readonly (readonly [string, object])[] = [
  ['one row', { query: 'SELECT 1 AS a' }],
  ['no row', { query: 'SELECT * FROM atendimento.tickets WHERE FALSE' }],
  ['unicode', { query: UNICODE }],
  ['unicode in remarks', { query: '-- preço 🧾\nSELECT 1 AS a /* ação */' }],
  ['NULL and numbers that a double cannot hold', { query: 'SELECT NULL AS n, 9223372036854775807 AS big' }],
  ['arrays and structs', { query: 'SELECT [1, 2] AS list, STRUCT("x" AS a, 2 AS b) AS s' }],
  ['rows of a table', { query: 'SELECT * FROM atendimento.tickets ORDER BY ticket_id LIMIT 300' }],
  ['a page of a result', { query: 'SELECT ticket_id FROM atendimento.tickets ORDER BY 1', maxResults: 7 }],
  ['no rows, only the job', { query: 'SELECT ticket_id FROM atendimento.tickets', maxResults: 0 }],
  [
    'integers for timestamps',
    {
      query: 'SELECT MAX(created_at) AS t FROM atendimento.tickets',
      formatOptions: { useInt64Timestamp: true },
    },
  ],
  [
    'a parameter',
    {
      query: 'SELECT ? AS p',
      parameterMode: 'POSITIONAL',
      queryParameters: [{ parameterType: { type: 'STRING' }, parameterValue: { value: 'ü🧾' } }],
    },
  ],
  ['a request ID of the client’s own', { query: 'SELECT 2 AS a', requestId: 'own-id' }],
  [
    'a default dataset',
    { query: 'SELECT COUNT(*) AS n FROM tickets', defaultDataset: { datasetId: 'atendimento' } },
  ],
  ['metadata', { query: 'SELECT table_name FROM atendimento.INFORMATION_SCHEMA.TABLES ORDER BY 1' }],
  ['fields that are null', { query: 'SELECT 3 AS a', maxResults: null, location: null, labels: null }],
];

describe('jobs.query is answered as by the warehouse for', () => {
  describe.each(QUERIES)('%s', (_what, body) => {
    test.each(ENCODINGS)('with accept-encoding %s', async (encoding) => {
      for (const parameters of ['', '?prettyPrint=false', '?alt=json&key=k']) {
        const spec = query(body, parameters, { 'accept-encoding': encoding });
        const { guarded } = await same(spec, hideJob);
        expect(guarded.status).toBe(200);
        expect(headerValues(guarded, 'x-guardrail-decision-id')).toHaveLength(1);
      }
    });
  });

  test('statements that change a table', async () => {
    for (const sql of [
      'CREATE TABLE atendimento.wire (a INT64)',
      'INSERT INTO atendimento.wire (a) VALUES (1), (2)',
      'SELECT * FROM atendimento.wire ORDER BY a',
      'UPDATE atendimento.wire SET a = 3 WHERE a > 1',
      'DROP TABLE atendimento.wire',
    ]) {
      const direct = await exchange(
        house.sandbox().url,
        query({ query: sql.replace('wire', 'wire_direct') }),
      );
      const guarded = await exchange(
        house.guardrail().proxyUrl,
        query({ query: sql.replace('wire', 'wire_guard') }),
      );
      const rowsOf = (text: string) => hideJob(text).replaceAll(/wire_(direct|guard)/g, 'wire');
      expect(guarded.status, sql).toBe(200);
      expect(rowsOf(textOf(guarded)).replaceAll(/"rows": \[[^\]]*\]/g, '')).toBe(
        rowsOf(textOf(direct)).replaceAll(/"rows": \[[^\]]*\]/g, ''),
      );
    }
  });

  test('a dry run', async () => {
    for (const sql of ['SELECT body FROM atendimento.messages', 'SELECT nope FROM atendimento.messages']) {
      await same(query({ query: sql, dryRun: true }), hideJob);
      await same(insert({ query: sql }, { dryRun: true }), hideJob);
    }
  });

  test('a body in gzip, in chunks, or after expect: 100-continue', async () => {
    const spec = query({ query: 'SELECT 4 AS a' });
    await same({ ...spec, headers: { ...spec.headers, 'transfer-encoding': 'chunked' } }, hideJob);
    await same(
      {
        ...spec,
        headers: { ...spec.headers, 'content-encoding': 'gzip' },
        body: gzipSync(String(spec.body)),
      },
      hideJob,
    );
    const { guarded } = await same(
      {
        ...spec,
        headers: {
          ...spec.headers,
          expect: '100-continue',
          'content-length': String(Buffer.byteLength(String(spec.body))),
        },
      },
      hideJob,
    );
    expect(guarded.continued).toBe(true);
  });
});

const RELAYED = ['content-type', 'www-authenticate', 'vary', 'cache-control', 'x-content-type-options'];

describe('an error of jobs.query is answered as by the warehouse:', () => {
  test.each(ENCODINGS)('a failure while the query runs, with accept-encoding %s', async (encoding) => {
    for (const parameters of ['', '?prettyPrint=false']) {
      const sql = 'SELECT CAST(subject AS INT64) AS n FROM atendimento.tickets';
      const { direct } = await same(query({ query: sql }, parameters, { 'accept-encoding': encoding }));
      expect(direct.status).toBe(400);
    }
  });

  test('a query above the client’s own cap', async () => {
    const sql = 'SELECT subject FROM atendimento.tickets';
    const { direct } = await same(query({ query: sql, maximumBytesBilled: '1' }));
    expect(textOf(direct)).toContain('bytesBilledLimitExceeded');
  });

  // The warehouse already answers the dry run with this error, in the same words.
  test.each([
    ['broken SQL', 400, 'SELEC 1', {}],
    ['a column that does not exist', 400, 'SELECT nope FROM atendimento.tickets', {}],
    ['a table that does not exist', 404, 'SELECT 1 FROM atendimento.nothing', {}],
    ['an unknown token', 401, 'SELECT 1', { authorization: 'Bearer nobody' }],
  ])('%s', async (_what, status, sql, headers) => {
    for (const parameters of ['', '?prettyPrint=false']) {
      const spec = query({ query: sql }, parameters, headers);
      const direct = await exchange(house.sandbox().url, spec);
      const guarded = await exchange(house.guardrail().proxyUrl, spec);

      expect(guarded.status).toBe(status);
      expect(guarded.status).toBe(direct.status);
      expect(textOf(guarded)).toBe(textOf(direct));
      for (const name of RELAYED)
        expect(headerValues(guarded, name), name).toEqual(headerValues(direct, name));
    }
  });
});

describe('jobs.insert is answered as by the warehouse, apart from the cap and labels, for', () => {
  test.each(QUERIES.filter(([, body]) => !/maxResults|requestId|formatOptions/.test(JSON.stringify(body))))(
    '%s',
    async (_what, body) => {
      for (const others of [{}, { labels: { dashboard: 'fila' } }]) {
        await same(insert(body, others), (text) => hideGuard(withoutProgress(text)));
      }
    },
  );
});

/** Hides whether a short job has already ended when `jobs.insert` answers, which is a matter of luck. */
function withoutProgress(text: string): string {
  const job = JSON.parse(text);
  delete job.status.state;
  for (const of of [job.statistics, job.statistics.query]) {
    for (const name of ['endTime', 'totalSlotMs', 'totalBytesBilled', 'billingTier']) delete of[name];
  }
  return JSON.stringify(job);
}
