import { deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { ATENDIMENTO, useHouse } from './guardrail.ts';
import { raw, wire } from './raw.ts';

const house = useHouse();
const QUERIES = '/bigquery/v2/projects/guardrail-demo/queries';
const JOBS = '/bigquery/v2/projects/guardrail-demo/jobs';
const SQL = 'SELECT * FROM atendimento.messages';
const runaway = JSON.stringify({ query: SQL, useLegacySql: false });
const runawayJob = JSON.stringify({ configuration: { query: { query: SQL, useLegacySql: false } } });

/** Whatever came in, every job that the warehouse has was let through by a decision. */
afterEach(async () => {
  const [jobs] = await house.direct().getJobs({ allUsers: true, projection: 'full' } as object);
  for (const job of jobs) {
    expect(job.metadata.configuration.labels).toHaveProperty('guardrail_decision');
    expect(job.metadata.configuration.query.query).not.toContain('*');
  }
});

function send(method: string, target: string, body?: string | Uint8Array, headers = {}) {
  return raw(house.guardrail().proxyUrl, method, target, body, headers);
}

function multipart(
  type: 'related' | 'mixed',
  parts: readonly string[],
): readonly [string, Record<string, string>] {
  const body = [...parts.map((part) => `--cut\r\n${part}\r\n`), '--cut--\r\n'].join('');
  return [body, { 'content-type': `multipart/${type}; boundary=cut` }];
}

describe('a forbidden query is refused by whichever way it comes', () => {
  test.each([
    ['jobs.query', QUERIES, runaway],
    ['jobs.insert', JOBS, runawayJob],
    ['a percent-encoded path', '/bigquery/v2/projects/guardrail-demo/%71%75eries', runaway],
    ['doubled slashes', '//bigquery/v2//projects/guardrail-demo/queries', runaway],
    ['dot segments', '/bigquery/v2/projects/x/../guardrail-demo/./queries', runaway],
    ['encoded dot segments', '/bigquery/v2/projects/x/%2e%2e/guardrail-demo/queries', runaway],
    ['mixed case', '/BigQuery/v2/Projects/guardrail-demo/Queries', runaway],
    ['a slash at the end', `${JOBS}/`, runawayJob],
    ['a path parameter', `${QUERIES};a=b`, runaway],
    ['alt, fields, prettyPrint and key', `${QUERIES}?alt=json&fields=rows&prettyPrint=false&key=k`, runaway],
    ['a resumable upload’s first request', `/upload${JOBS}?uploadType=resumable`, runawayJob],
    ['a resumable upload by its older door', `/resumable/upload${JOBS}?uploadType=resumable`, runawayJob],
  ])('%s', async (_what, target, body) => {
    const answer = await send('POST', target, body);

    expect(answer.status).toBe(403);
    expect(answer.json.error.message).toContain('no-star-over-messages');
  });

  test.each([
    ['gzip', { 'content-encoding': 'gzip' }, gzipSync(runaway)],
    ['deflate', { 'content-encoding': 'deflate' }, deflateSync(runaway)],
    ['chunks', { 'transfer-encoding': 'chunked' }, Buffer.from(runaway)],
    ['a content type that is none', { 'content-type': 'text/plain' }, Buffer.from(runaway)],
  ])('a body in %s', async (_what, headers, body) => {
    expect((await send('POST', QUERIES, body, headers)).json.error.message).toContain(
      'no-star-over-messages',
    );
  });

  test.each(['x-http-method-override', 'x-http-method', 'x-method-override'])('%s', async (header) => {
    const answer = await send('PUT', QUERIES, runaway, { [header]: 'POST' });

    expect(answer.json.error.message).toContain('no-star-over-messages');
  });

  test('a multipart upload', async () => {
    const [body, headers] = multipart('related', [
      `Content-Type: application/json; charset=UTF-8\r\n\r\n${runawayJob}`,
      'Content-Type: application/octet-stream\r\n\r\na,b\r\n1,2',
    ]);

    const answer = await send('POST', `/upload${JOBS}?uploadType=multipart`, body, headers);

    expect(answer.json.error.message).toContain('no-star-over-messages');
  });

  test.each([
    ['twice the field', `{"query": "SELECT 1 AS a", "useLegacySql": false, "query": "${SQL}"}`],
    ['escapes in the field’s name', `{"qu\\u0065ry": "${SQL}", "useLegacySql": false}`],
    ['escapes in the text', `{"query": "SELECT \\u002a FROM atendimento.messages", "useLegacySql": false}`],
    [
      'a lone surrogate',
      `{"query": "SELECT *, '\\ud800' AS x FROM atendimento.messages", "useLegacySql": false}`,
    ],
    [
      'the remark of a BI tool',
      JSON.stringify({
        query: `-- Metabase:: userID: 1 queryType: native queryHash: 0a\n${SQL}`,
        useLegacySql: false,
      }),
    ],
    [
      'a comment within',
      JSON.stringify({ query: 'SELECT/**/*\nFROM`atendimento`.`messages`', useLegacySql: false }),
    ],
    [
      'a default dataset',
      '{"query": "SELECT * FROM messages", "useLegacySql": false, "defaultDataset": {"datasetId": "atendimento"}}',
    ],
  ])('JSON with %s', async (_what, body) => {
    const answer = await send('POST', QUERIES, body);

    expect(answer.json.error.message).toContain('no-star-over-messages');
  });
});

describe('a query that may run does, by whichever way it comes', () => {
  test('a multipart upload of a query is the query', async () => {
    const job = { configuration: { query: { query: 'SELECT 7 AS a', useLegacySql: false } } };
    const [body, headers] = multipart('related', [
      `Content-Type: application/json\r\n\r\n${JSON.stringify(job)}`,
    ]);

    const answer = await send('POST', `/upload${JOBS}?uploadType=multipart`, body, headers);

    expect(answer.json).toMatchObject({
      kind: 'bigquery#job',
      configuration: { labels: { guardrail_team: 'atendimento' } },
    });
  });

  test('a crooked path is straightened', async () => {
    const answer = await send(
      'POST',
      '/bigquery//v2/projects/guardrail-demo/%71ueries',
      '{"query": "SELECT 8 AS a", "useLegacySql": false}',
    );

    expect(answer.json.rows).toEqual([{ f: [{ v: '8' }] }]);
  });
});

describe('a batch', () => {
  const inner = (id: string, request: string) =>
    `Content-Type: application/http\r\nContent-ID: <${id}>\r\n\r\n${request}`;
  const query = (sql: string) => {
    const body = JSON.stringify({ query: sql, useLegacySql: false });
    return `POST ${QUERIES} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };

  test.each(['/batch/bigquery/v2', '/batch', '/BATCH/bigquery/v2/'])(
    'at %s has each part judged on its own, answers in order',
    async (target) => {
      const [body, headers] = multipart('mixed', [
        inner('a', query('SELECT 41 AS a')),
        inner('b', query(SQL)),
        inner('c', `GET /bigquery/v2/projects/guardrail-demo/datasets HTTP/1.1\r\n\r\n`),
        inner('d', query('SELECT 42 AS a')),
      ]);

      const answer = await send('POST', target, body, headers);

      const parts = answer.text.split(/--batch_[\w-]+/).slice(1, -1);
      expect(answer.status).toBe(200);
      expect(parts.map((part) => /Content-ID: <response-(\w)>/.exec(part)?.[1])).toEqual([
        'a',
        'b',
        'c',
        'd',
      ]);
      expect(parts.map((part) => /HTTP\/1\.1 (\d+)/.exec(part)?.[1])).toEqual(['200', '403', '200', '200']);
      expect(parts[0]).toContain('"41"');
      expect(parts[1]).toContain('no-star-over-messages');
      expect(parts[2]).toContain('bigquery#datasetList');
      expect(parts[3]).toContain('"42"');
    },
  );

  test.each([
    ['no boundary', 'x', { 'content-type': 'multipart/mixed' }, 400],
    ['no parts', ...multipart('mixed', []), 400],
    [
      'a part that is no request',
      ...multipart('mixed', ['Content-Type: application/http\r\n\r\nhello']),
      400,
    ],
    [
      'a batch in a batch',
      ...multipart('mixed', ['Content-Type: application/http\r\n\r\nPOST /batch HTTP/1.1\r\n\r\n']),
      400,
    ],
    [
      'an encoding',
      gzipSync('x'),
      { 'content-type': 'multipart/mixed; boundary=cut', 'content-encoding': 'gzip' },
      415,
    ],
  ] as const)('with %s is refused whole', async (_what, body, headers, status) => {
    const answer = await send('POST', '/batch/bigquery/v2', body, headers);

    expect(answer.status).toBe(status);
    expect(answer.json.error.message).toMatch(/batch/i);
  });
});

describe('a body that cannot be read one way is refused', () => {
  test.each([
    ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(runaway)])],
    ['UTF-16', Buffer.from(runaway, 'utf16le')],
    [
      'UTF-8 that is none',
      Buffer.concat([Buffer.from('{"query": "'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
    ],
  ])('%s', async (_what, body) => {
    const answer = await send('POST', QUERIES, body);

    expect(answer.status).toBe(400);
    expect(answer.json.error.errors[0].reason).toBe('parseError');
  });

  test.each([
    [
      'both lengths',
      `POST ${QUERIES} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nPOST ${QUERIES} HTTP/1.1\r\n\r\n`,
    ],
    [
      'two lengths',
      `POST ${QUERIES} HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde`,
    ],
    [
      'a transfer encoding that ends otherwise',
      `POST ${QUERIES} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    ],
    [
      'a header that hides a line feed',
      `POST ${QUERIES} HTTP/1.1\r\nHost: x\r\nX: a\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n`,
    ],
  ])('a request smuggled by %s', async (_what, bytes) => {
    const answer = await wire(house.guardrail().proxyUrl, bytes);

    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  test('a body shorter than it says ends without an answer', async () => {
    const answer = await wire(
      house.guardrail().proxyUrl,
      `POST ${QUERIES} HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n${runaway}`,
    );

    expect(answer).not.toContain('200 OK');
  });
});

test('a token outside the header is refused', async () => {
  const answer = await send('POST', `${QUERIES}?access_token=sandbox:${ATENDIMENTO}`, runaway);

  expect(answer.status).toBe(400);
  expect(answer.text).toContain('access_token');
});

test.each([`${QUERIES}?query_request.query=SELECT+1`, `${JOBS}?job.configuration.dryRun=false`])(
  'a parameter that may say what the body was not judged by is refused: %s',
  async (target) => {
    const answer = await send('POST', target, runaway);

    expect(answer.status).toBe(400);
    expect(answer.json.error.message).toContain('say it in the body');
  },
);

describe('what the API does not have is refused', () => {
  test.each([
    ['POST', '/bigquery/v2/projects/guardrail-demo/scripts'],
    ['POST', '/google.cloud.bigquery.v2.JobService/Query'],
    ['PUT', `/upload${JOBS}?uploadType=media`],
  ])('%s %s', async (method, target) => {
    const answer = await send(method, target, runaway);

    expect(answer.status).toBe(501);
    expect(answer.json.error.message).toContain('the API has no method');
  });
});
