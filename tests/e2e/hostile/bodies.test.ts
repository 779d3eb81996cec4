import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../guardrail.ts';
import { raw } from '../raw.ts';
import { useOddHouse } from '../wire/odd-house.ts';
import { sendJson } from '../wire/odd-upstream.ts';
import { HERE } from '../wire/requests.ts';

const house = useOddHouse({ max_query_body: '1 MiB' });
const good = JSON.stringify({ query: 'SELECT 1 AS a', useLegacySql: false });
const send = (body: string | Uint8Array, headers = {}, target = `${HERE}/queries`) =>
  raw(house.guardrail().proxyUrl, 'POST', target, body, headers);

beforeEach(() =>
  house
    .upstream()
    .answer((response) => sendJson(response, { jobComplete: true, totalBytesBilled: '0', rows: [] })),
);

/** Whatever was sent: guardrail still answers, and keeps nothing reserved for what did not run. */
afterEach(async () => {
  expect((await send(good)).status).toBe(200);
  await eventually(async () => {
    const { budgets } = await house.ops('/api/v1/budgets');
    expect(JSON.stringify(budgets)).not.toMatch(/"reserved":"?[1-9]/);
  });
});

describe('a compressed body that unpacks to more than the limit', () => {
  const huge = Buffer.alloc(64 << 20, ' ');

  test.each([
    ['gzip', gzipSync(huge)],
    ['deflate', deflateSync(huge)],
    ['br', brotliCompressSync(huge)],
    ['zstd', zstdCompressSync(huge)],
  ])('in %s is refused with 413', async (encoding, body) => {
    expect(body.length).toBeLessThan(1 << 17);

    const answer = await send(body, { 'content-encoding': encoding });

    expect(answer.status).toBe(413);
    expect(answer.json.error.message).toContain('max_query_body');
  });

  test.each(['gzip, gzip', 'gzip, br', 'identity, gzip', 'compress', 'x-unknown'])(
    'in %s is refused without unpacking it',
    async (encoding) => {
      expect((await send(gzipSync(gzipSync(huge)), { 'content-encoding': encoding })).status).toBe(415);
    },
  );

  test.each(['gzip', 'deflate', 'br', 'zstd'])('or is not valid %s is refused', async (encoding) => {
    const answer = await send('no such thing', { 'content-encoding': encoding });

    expect(answer.status).toBe(400);
    expect(answer.json.error.errors[0].reason).toBe('invalid');
  });

  test('as a batch or an upload is refused without unpacking it', async () => {
    const packed = { 'content-encoding': 'gzip' };

    const batch = await send(
      gzipSync(huge),
      { ...packed, 'content-type': 'multipart/mixed; boundary=b' },
      '/batch',
    );
    const upload = await send(
      gzipSync(huge),
      { ...packed, 'content-type': 'multipart/related; boundary=b' },
      `/upload${HERE}/jobs?uploadType=multipart`,
    );

    expect([batch.status, upload.status]).toEqual([415, 415]);
  });
});

describe('JSON nested too deep is refused before it reaches the warehouse:', () => {
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

  test.each([
    [
      'in a field that is only passed on',
      `{"query": "SELECT 1", "useLegacySql": false, "x": ${deep(100_000)}}`,
    ],
    ['in a field that is priced', `{"query": "SELECT 1", "queryParameters": ${deep(100_000)}}`],
    ['in objects', `{"query": "SELECT 1", "x": ${objects(100_000)}}`],
    [
      'with a number that needs all of its digits',
      `{"query": "SELECT 1", "n": 12345678901234567890, "x": ${deep(5_000)}}`,
    ],
    ['one level too deep', `{"query": "SELECT 1", "x": ${deep(201)}}`],
  ])('%s', async (_what, body) => {
    const before = house.upstream().reached.length;

    expect((await send(body)).status).toBe(400);
    expect(house.upstream().reached).toHaveLength(before);
  });

  test('in jobs.insert, even in a job without SQL', async () => {
    const answer = await send(`{"configuration": {"load": {"x": ${deep(100_000)}}}}`, {}, `${HERE}/jobs`);

    expect(answer.status).toBe(400);
  });

  test('but not JSON nested as deep as query parameters may be', async () => {
    expect((await send(`{"query": "SELECT 1", "useLegacySql": false, "x": ${deep(99)}}`)).status).toBe(200);
  });
});

test.each([
  [
    'as constructor',
    '{"query": "SELECT 1 AS a", "useLegacySql": false, "constructor": {"prototype": {"polluted": true}}}',
  ],
  [
    'in labels',
    '{"query": "SELECT 1 AS a", "useLegacySql": false, "labels": {"__proto__": "x", "constructor": "y", "prototype": "z"}}',
  ],
  [
    'in parameters',
    '{"query": "SELECT 1 AS a", "useLegacySql": false, "queryParameters": [{"__proto__": {"polluted": true}}]}',
  ],
])('keys such as __proto__ and constructor are plain keys: %s', async (_what, body) => {
  const answer = await send(body);

  const { query, labels } = JSON.parse(house.upstream().reached.at(-1)?.body ?? '{}');
  expect(answer.status).toBe(200);
  expect({}).not.toHaveProperty('polluted');
  expect(query).toBe('SELECT 1 AS a');
  expect(labels.guardrail_team).toBe('atendimento');
});

test('a field named __proto__ is refused like any in snake_case', async () => {
  const answer = await send('{"query": "SELECT 1 AS a", "__proto__": {"query": "SELECT 2"}}');

  expect(answer.status).toBe(400);
  expect(answer.json.error.message).toContain('lowerCamelCase');
});

test.each(['__proto__', 'constructor', 'toString'])(
  'a URL parameter named %s is refused like any unknown one',
  async (name) => {
    const answer = await send(good, {}, `${HERE}/queries?${name}=1&${name}[polluted]=1`);

    expect(answer.status).toBe(400);
    expect(answer.json.error.message).toBe(
      `The parameter ${name} is not accepted: put it in the body, as the API documents it.`,
    );
  },
);

test('a batch part with an invalid header line of a megabyte is refused', async () => {
  const line = `A:${' '.repeat(900_000)}\r x`;
  const body = `--b\r\nContent-Type: application/http\r\n\r\nGET ${HERE}/datasets\r\n${line}\r\n\r\n\r\n--b--\r\n`;

  const answer = await send(body, { 'content-type': 'multipart/mixed; boundary=b' }, '/batch/bigquery/v2');

  expect(answer.status).toBe(400);
  expect(answer.json.error.message).toContain('an invalid header');
});

test('a batch larger than the limit is refused with 413', async () => {
  const answer = await send(
    'x'.repeat(2 << 20),
    { 'content-type': 'multipart/mixed; boundary=b' },
    '/batch/bigquery/v2',
  );

  expect(answer.status).toBe(413);
});

test('an upload whose first part exceeds the limit is refused, however many boundary look-alikes it contains', async () => {
  const answer = await send(
    `--b\r\nContent-Type: application/json\r\n\r\n${'\r\n--'.repeat(500_000)}`,
    { 'content-type': 'multipart/related; boundary=b' },
    `/upload${HERE}/jobs?uploadType=multipart`,
  );

  expect(answer.status).toBe(400);
  expect(answer.json.error.message).toContain('max_query_body');
});
