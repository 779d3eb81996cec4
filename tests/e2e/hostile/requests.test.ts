import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { ATENDIMENTO, PROJECT, post, useHouse } from '../guardrail.ts';
import { raw, wire } from '../raw.ts';

const house = useHouse({ sandbox: { messages: 3_000 }, settings: { max_query_body: '64 KiB' } });
const HERE = `/bigquery/v2/projects/${PROJECT}`;
const url = () => house.guardrail().proxyUrl;
const good = JSON.stringify({ query: 'SELECT 1 AS a', useLegacySql: false });
const FORBIDDEN = JSON.stringify({ query: 'SELECT * FROM atendimento.messages', useLegacySql: false });

/** Whatever was sent: nothing forbidden ran, and guardrail still answers. */
afterEach(async () => {
  const [jobs] = await house.direct().getJobs({ allUsers: true, projection: 'full' } as object);
  for (const job of jobs) expect(job.metadata.configuration.labels).toHaveProperty('guardrail_decision');
  expect((await post(`${url()}${HERE}/queries`, good)).body.rows).toEqual([{ f: [{ v: '1' }] }]);
});

describe('a compressed body that unpacks to much more', () => {
  const bomb = JSON.stringify({ query: ' '.repeat(20_000_000) });

  test.each([
    ['deflate', deflateSync(bomb)],
    ['br', brotliCompressSync(bomb)],
    ['gzip', gzipSync(gzipSync(bomb))],
  ])('is measured by its unpacked size, or is not a query: %s', async (encoding, body) => {
    const answer = await post(`${url()}${HERE}/queries`, body, { 'content-encoding': encoding });

    expect([400, 413]).toContain(answer.status);
  });

  test.each(['gzip, gzip', 'compress', 'identity, gzip'])('is refused with 415 as %s', async (encoding) => {
    const answer = await post(`${url()}${HERE}/queries`, gzipSync(bomb), { 'content-encoding': encoding });

    expect(answer.status).toBe(415);
  });
});

describe('a request head that is too large', () => {
  test.each([
    ['with one huge header', { 'x-a': 'x'.repeat(100_000) }],
    [
      'with very many headers',
      Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`x-${at}`, 'x'])),
    ],
  ])('%s is refused', async (_what, headers) => {
    const status = await raw(url(), 'GET', `${HERE}/datasets`, '', headers).then(
      (answer) => answer.status,
      () => 431,
    );

    expect(status).toBe(431);
  });

  test('with a huge query string is refused', async () => {
    const status = await raw(url(), 'GET', `${HERE}/datasets?a=${'x'.repeat(100_000)}`).then(
      (answer) => answer.status,
      () => 431,
    );

    expect(status).toBe(431);
  });
});

describe('hostile input:', () => {
  test.each([
    ['lists', `${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['objects', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
    [
      'lists around a number that a double cannot hold',
      `${'['.repeat(20_000)}12345678901234567${']'.repeat(20_000)}`,
    ],
  ])('JSON nested too deep is refused: %s', async (_what, value) => {
    const answer = await post(`${url()}${HERE}/queries`, `{"query":"SELECT 1","queryParameters":${value}}`);

    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toContain('is nested more than');
  });

  test('JSON with brackets inside a string does not count as nested', async () => {
    const query = `SELECT '${'[{'.repeat(500)}\\"' AS a`;

    expect(
      (await post(`${url()}${HERE}/queries`, JSON.stringify({ query, useLegacySql: false }))).status,
    ).toBe(200);
  });

  test.each([
    '{"query":"SELECT 1 AS a","useLegacySql":false,"__proto__":{"dryRun":true,"labels":{"guardrail_team":"x"}}}',
    '{"query":"SELECT 1 AS a","useLegacySql":false,"constructor":{"prototype":{"polluted":true}}}',
    '{"query":"SELECT 1 AS a","useLegacySql":false,"labels":{"__proto__":"x","constructor":"y"}}',
  ])('JSON with keys such as __proto__ and constructor treats them as plain keys: %s', async (body) => {
    const answer = await post(`${url()}${HERE}/queries`, body);

    expect(answer.status).toBeLessThan(500);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(({} as Record<string, unknown>)['dryRun']).toBeUndefined();
  });

  test.each(['__proto__', 'constructor', 'toString'])(
    'a URL parameter named %s is refused like any unknown one',
    async (name) => {
      const answer = await raw(url(), 'POST', `${HERE}/queries?${name}=1&${name}[polluted]=1`, good);

      expect(answer.status).toBe(400);
      expect(answer.json.error.message).toBe(
        `The parameter ${name} is not accepted: put it in the body, as the API documents it.`,
      );
    },
  );
});

describe('an attempt to get around guardrail', () => {
  const AUTHORIZATION = `authorization: Bearer sandbox:${ATENDIMENTO}`;
  const request = (line: string, headers: readonly string[], body: string) =>
    `${line}\r\n${['host: x', AUTHORIZATION, 'connection: close', ...headers].join('\r\n')}\r\n\r\n${body}`;

  test.each([
    'http://169.254.169.254/computeMetadata/v1/',
    'http://127.0.0.1:1/bigquery/v2/projects',
    '*',
    'x@127.0.0.1:1',
  ])('with a request target that is not a path is refused: %s', async (target) => {
    const heard = await wire(url(), request(`GET ${target} HTTP/1.1`, [], ''));

    expect(heard).toMatch(/^HTTP\/1\.1 (400|501) /);
  });

  test('with a path that looks like a host still goes to the warehouse', async () => {
    const { status } = await raw(url(), 'GET', '//169.254.169.254/latest');

    expect(status).toBe(404);
  });

  test.each([
    ['host', '169.254.169.254'],
    ['x-forwarded-host', 'evil.example'],
    ['x-forwarded-for', '127.0.0.1'],
    ['x-original-url', '/bigquery/v2/projects'],
    ['x-rewrite-url', '/bigquery/v2/projects'],
  ])('with a header that names another host or path changes nothing: %s', async (name, value) => {
    const answer = await raw(url(), 'POST', `${HERE}/queries`, FORBIDDEN, { [name]: value });

    expect(answer.status).toBe(403);
    expect(answer.text).toContain('no-star-over-messages');
  });

  test('with CONNECT opens no tunnel', async () => {
    const heard = await wire(url(), 'CONNECT 169.254.169.254:80 HTTP/1.1\r\nhost: x\r\n\r\n');

    expect(heard).not.toMatch(/^HTTP\/1\.1 200 /);
  });

  test.each([
    ['both lengths', ['content-length: 4', 'transfer-encoding: chunked']],
    ['two lengths', ['content-length: 4', 'content-length: 400']],
    ['chunks twice', ['transfer-encoding: chunked, chunked']],
    ['a space before the colon', ['transfer-encoding : chunked']],
    ['a folded header', ['x-a: b', ' transfer-encoding: chunked', 'content-length: 4']],
    ['a bare line feed', ['x-a: b\nx-b: c', 'content-length: 4']],
  ])('with framing that can be read in two ways is refused: %s', async (_what, headers) => {
    const smuggled = `0\r\n\r\nPOST ${HERE}/queries HTTP/1.1\r\nhost: x\r\n${AUTHORIZATION}\r\ncontent-length: ${FORBIDDEN.length}\r\n\r\n${FORBIDDEN}`;

    const heard = await wire(url(), request(`POST ${HERE}/queries HTTP/1.1`, headers, smuggled));

    expect(heard).toMatch(/^HTTP\/1\.1 400 /);
    expect(heard.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  test.each(['identity, chunked', 'gzip, chunked', 'xchunked'])(
    'with a transfer encoding of which some servers see no chunks is refused: %s',
    async (coding) => {
      const smuggled = `POST ${HERE}/queries HTTP/1.1\r\nhost: x\r\n${AUTHORIZATION}\r\ncontent-length: ${FORBIDDEN.length}\r\n\r\n${FORBIDDEN}`;
      const chunks = `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`;

      const heard = await wire(
        url(),
        request(
          `POST ${HERE}/datasets/d/tables/t/insertAll HTTP/1.1`,
          [`transfer-encoding: ${coding}`],
          chunks,
        ),
      );

      expect(heard).toMatch(/^HTTP\/1\.1 501 /);
      expect(heard).toContain('guardrail: of transfer encodings, only chunked is accepted');
      expect(heard.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    },
  );

  test('through the upload address has its configuration judged, and media alone start no query', async () => {
    const configuration = JSON.stringify({ configuration: { query: JSON.parse(FORBIDDEN) } });
    const begun = await raw(
      url(),
      'POST',
      `/resumable/upload${HERE}/jobs?uploadType=resumable`,
      configuration,
    );
    const media = await raw(
      url(),
      'PUT',
      `/upload${HERE}/jobs?uploadType=resumable&upload_id=x`,
      configuration,
    );

    expect(begun.status).toBe(403);
    expect(media.status).toBeGreaterThanOrEqual(400);
  });

  test('with two queries in one body is judged by the one that runs', async () => {
    const sql =
      'SELECT ARRAY_LENGTH(ARRAY(SELECT 1 FROM (SELECT *\\tFRoM `guardrail-demo`.atendimento.messages )))';
    const body = `{"query": "SELECT 1", "useLegacySql": false, "query": "${sql}"}`;

    const answer = await raw(
      url(),
      'POST',
      '/BIGQUERY/v2/./projects/x/../guardrail-demo/queries?alt=json',
      deflateSync(body),
      { 'content-encoding': 'deflate' },
    );

    expect(answer.status).toBe(403);
  });

  test('with alt=media is judged like any other query', async () => {
    expect((await raw(url(), 'POST', `${HERE}/queries?alt=media`, FORBIDDEN)).status).toBe(403);
  });
});
