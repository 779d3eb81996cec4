import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ATENDIMENTO } from './guardrail.ts';
import { raw } from './raw.ts';
import { multipart, QUERIES, RUNAWAY_SQL, useWatchedHouse } from './ways-in.ts';

const house = useWatchedHouse();
const JOBS = '/bigquery/v2/projects/guardrail-demo/jobs';
const runaway = JSON.stringify({ query: RUNAWAY_SQL, useLegacySql: false });
const runawayJob = JSON.stringify({ configuration: { query: { query: RUNAWAY_SQL, useLegacySql: false } } });

function send(method: string, target: string, body?: string | Uint8Array, headers = {}) {
  return raw(house.guardrail().proxyUrl, method, target, body, headers);
}

describe('a forbidden query is refused by whichever way it comes:', () => {
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
    ['alt=media', `${QUERIES}?alt=media`, runaway],
    ['a resumable upload’s first request', `/upload${JOBS}?uploadType=resumable`, runawayJob],
    ['a resumable upload at its older path', `/resumable/upload${JOBS}?uploadType=resumable`, runawayJob],
  ])('%s', async (_what, target, body) => {
    const answer = await send('POST', target, body);

    expect(answer.status).toBe(403);
    expect(answer.json.error.message).toContain('no-star-over-messages');
  });

  test.each([
    ['gzip', { 'content-encoding': 'gzip' }, gzipSync(runaway)],
    ['deflate', { 'content-encoding': 'deflate' }, deflateSync(runaway)],
    ['chunks', { 'transfer-encoding': 'chunked' }, Buffer.from(runaway)],
    ['a content type other than JSON', { 'content-type': 'text/plain' }, Buffer.from(runaway)],
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

    for (const lineEnd of ['\r\n', '\n']) {
      const upload = body.replaceAll('\r\n', lineEnd);
      const answer = await send('POST', `/upload${JOBS}?uploadType=multipart`, upload, headers);

      expect(answer.json.error.message).toContain('no-star-over-messages');
    }
  });

  test.each([
    ['the field twice', `{"query": "SELECT 1 AS a", "useLegacySql": false, "query": "${RUNAWAY_SQL}"}`],
    ['escapes in the field’s name', `{"qu\\u0065ry": "${RUNAWAY_SQL}", "useLegacySql": false}`],
    ['escapes in the text', `{"query": "SELECT \\u002a FROM atendimento.messages", "useLegacySql": false}`],
    [
      'a lone surrogate',
      `{"query": "SELECT *, '\\ud800' AS x FROM atendimento.messages", "useLegacySql": false}`,
    ],
    [
      'the remark of a BI tool',
      JSON.stringify({
        query: `-- Metabase:: userID: 1 queryType: native queryHash: 0a\n${RUNAWAY_SQL}`,
        useLegacySql: false,
      }),
    ],
    [
      'a comment inside the SQL',
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

describe('an allowed query runs by whichever way it comes:', () => {
  test('as a multipart upload, which is sent as a plain job', async () => {
    const job = { configuration: { query: { query: 'SELECT 7 AS a', useLegacySql: false } } };
    const [body, headers] = multipart('related', [
      `Content-Type: application/json\r\n\r\n${JSON.stringify(job)}`,
    ]);

    for (const lineEnd of ['\r\n', '\n']) {
      const upload = body.replaceAll('\r\n', lineEnd);
      const answer = await send('POST', `/upload${JOBS}?uploadType=multipart`, upload, headers);

      expect(answer.json).toMatchObject({
        kind: 'bigquery#job',
        configuration: { labels: { guardrail_team: 'atendimento' } },
      });
    }
  });

  test('with a path that is normalised first', async () => {
    const answer = await send(
      'POST',
      '/bigquery//v2/projects/guardrail-demo/%71ueries',
      '{"query": "SELECT 8 AS a", "useLegacySql": false}',
    );

    expect(answer.json.rows).toEqual([{ f: [{ v: '8' }] }]);
  });
});

describe('a body that can be read in more than one way is refused:', () => {
  test.each([
    ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(runaway)])],
    ['UTF-16', Buffer.from(runaway, 'utf16le')],
    [
      'broken UTF-8',
      Buffer.concat([Buffer.from('{"query": "'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
    ],
  ])('%s', async (_what, body) => {
    const answer = await send('POST', QUERIES, body);

    expect(answer.status).toBe(400);
    expect(answer.json.error.errors[0].reason).toBe('parseError');
  });
});

test('a token outside the authorization header is refused', async () => {
  const answer = await send('POST', `${QUERIES}?access_token=sandbox:${ATENDIMENTO}`, runaway);

  expect(answer.status).toBe(400);
  expect(answer.text).toContain('access_token');
});

test.each([`${QUERIES}?query_request.query=SELECT+1`, `${JOBS}?job.configuration.dryRun=false`])(
  'a query parameter that may override the judged body is refused: %s',
  async (target) => {
    const answer = await send('POST', target, runaway);

    expect(answer.status).toBe(400);
    expect(answer.json.error.message).toContain('put it in the body');
  },
);

describe('a method that the API does not have is answered 501:', () => {
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
