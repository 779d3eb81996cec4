import { Agent } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { useDifferential } from './differential.ts';
import { exchange, headerValues, type RequestSpec } from './exchange.ts';
import { useOddHouse } from './odd-house.ts';
import { type OddAnswer, sendJson } from './odd-upstream.ts';
import { HERE, insert, query } from './requests.ts';

/** No budget limits queries at once: those whose answers make no sense hold their places until they are looked up. */
const POLICY = `version: 1
pricing: { currency: BRL, on_demand_per_tib: { default: "30" } }
teams: [{ name: everyone, principals: ["*"] }]
`;

const house = useOddHouse({}, POLICY);
const { same } = useDifferential('odd answers', () => ({
  direct: house.upstream().url,
  guarded: house.guardrail().proxyUrl,
}));

let sent = 0;
beforeEach(() => {
  sent += 1;
});

/** Every way through the proxy. Each test sends a query of its own, so that none is a repetition. */
const DOORS: readonly (readonly [string, () => RequestSpec])[] = [
  ['a read', () => ({ method: 'GET', target: `${HERE}/datasets` })],
  ['a read of results', () => ({ method: 'GET', target: `${HERE}/queries/job_1?maxResults=5` })],
  [
    'a write',
    () => ({ method: 'PATCH', target: `${HERE}/datasets/d`, body: '{}', headers: { 'content-length': '2' } }),
  ],
  ['a jobs.query', () => query({ query: `SELECT ${sent}` })],
  ['a jobs.insert', () => insert({ query: `SELECT ${sent}` })],
  [
    'a load job',
    () => ({ ...insert({ query: '' }), body: JSON.stringify({ configuration: { load: { n: sent } } }) }),
  ],
];

const ROWS = JSON.stringify({ jobComplete: true, rows: [{ f: [{ v: 'ação 🧾' }] }] });

/** Answers that a warehouse, or a proxy in front of it, may give. Header casing and duplicates are as written. */
const ANSWERS: Readonly<Record<string, OddAnswer>> = {
  'no content': (response) => void response.writeHead(204).end(),
  'no content, with headers': (response) => void response.writeHead(204, { etag: '"e"', 'x-odd': 'a' }).end(),
  'reset content': (response) => void response.writeHead(205, { 'content-length': '0' }).end(),
  'not modified': (response) =>
    void response.writeHead(304, { etag: '"e"', 'cache-control': 'private' }).end(),
  'a redirect': (response) =>
    void response
      .writeHead(307, { location: 'https://elsewhere.example/a?b=ü'.replace('ü', '%C3%BC') })
      .end('go'),
  'an empty body with a length': (response) => void response.writeHead(200, { 'content-length': '0' }).end(),
  'an empty chunked body': (response) => void response.writeHead(200).end(),
  'odd header casing and duplicates': (response) =>
    void response
      .writeHead(
        200,
        [
          ['Content-TYPE', 'application/json'],
          ['X-Goog-ODD', 'One'],
          ['SET-cookie', 'a=1; Path=/; Domain=bi.example'],
          ['Set-Cookie', 'b=2; HttpOnly'],
          ['set-cookie', 'c=3'],
          ['alt-svc', 'h3=":443"; ma=2592000'],
          ['Server-Timing', 'gfet4t7; dur=12'],
          ['WWW-Authenticate', 'Bearer realm="a", error="b"'],
          ['x-empty', ''],
          ['Access-Control-Allow-Origin', '*'],
        ].flat(),
      )
      .end(ROWS),
  'header values beyond ASCII': (response) =>
    void response
      .writeHead(200, { 'x-odd': 'a\u00e7\u00e3o \u00ff', 'content-type': 'application/json' })
      .end(ROWS),
  'an unusual status and status text': (response) => void response.writeHead(299, 'Quite Fine').end(ROWS),
  'an informational answer first': (response) => {
    response.writeEarlyHints({ link: '</a>; rel=preload' });
    response.writeHead(200).end(ROWS);
  },
  'a body in gzip': (response) =>
    void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(ROWS)),
  'a body in deflate': (response) =>
    void response.writeHead(200, { 'content-encoding': 'deflate' }).end(deflateSync(ROWS)),
  'a body in brotli': (response) =>
    void response.writeHead(200, { 'content-encoding': 'br' }).end(brotliCompressSync(ROWS)),
  'a body labelled gzip that is not': (response) =>
    void response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' }).end('plain'),
  'HTML instead of JSON': (response) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>\u0000'),
  'binary data': (response) =>
    void response
      .writeHead(200, { 'content-type': 'application/octet-stream' })
      .end(Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * 131) % 256))),
  'a known length': (response) =>
    void response.writeHead(200, { 'content-length': String(Buffer.byteLength(ROWS)) }).end(ROWS),
  'a body ended by closing the connection': (response) =>
    void response.writeHead(200, { connection: 'close', 'x-odd': 'b' }).end(ROWS),
  ...Object.fromEntries(
    [400, 401, 403, 404, 409, 412, 429, 499, 500, 501, 502, 503, 504].map((status): [string, OddAnswer] => [
      `an error ${status}`,
      (response) =>
        sendJson(response, { error: { code: status, message: 'ação', errors: [{ reason: 'x' }] } }, status),
    ]),
  ),
  'an error 400 in gzip': (response) =>
    void response.writeHead(400, { 'content-encoding': 'gzip' }).end(gzipSync('{"error":{"code":400}}')),
  'an error 400 of 300 KB': (response) =>
    void response.writeHead(400).end(`{"error":"${'é'.repeat(150_000)}"}`),
  'an error 503 with retry-after': (response) =>
    void response.writeHead(503, { 'retry-after': '7' }).end('Service Unavailable'),
};

describe.each(DOORS)('the answer to %s is passed on unchanged:', (_door, ask) => {
  test.each(Object.entries(ANSWERS))('%s', async (_what, answer) => {
    house.upstream().answer(answer);
    await same(ask());
  });
});

describe.each(DOORS)('%s', (_door, ask) => {
  test('keeps the client’s connection open, whatever the warehouse says about its own', async () => {
    house.upstream().answer((response) => {
      response.writeHead(200, { connection: 'close', 'keep-alive': 'timeout=999, max=7' }).end(ROWS);
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });

    const first = await exchange(house.guardrail().proxyUrl, { ...ask(), agent });
    const second = await exchange(house.guardrail().proxyUrl, { ...ask(), agent });

    expect(headerValues(first, 'keep-alive').join()).not.toContain('999');
    expect(first.body.toString()).toBe(ROWS);
    expect(second.localPort).toBe(first.localPort);
    agent.destroy();
  });

  test('gets the trailers after a body', async () => {
    house.upstream().answer((response) => {
      response.writeHead(200, { trailer: 'X-Checksum' });
      response.write(ROWS);
      response.addTrailers({ 'X-Checksum': 'abc' });
      response.end();
    });
    const { guarded } = await same(ask());

    expect(guarded.rawTrailers.join(': ').toLowerCase()).toBe('x-checksum: abc');
  });

  test.each([
    [
      'announced trailers on a body that cannot have any',
      '200 OK\r\nTrailer: X-Checksum\r\nContent-Length: 2\r\n\r\nok',
    ],
    ['a status text with a control character', '200 O\u0001K\r\nContent-Length: 2\r\n\r\nok'],
    ['an invalid status', '042 Odd\r\nContent-Length: 2\r\n\r\nok'],
    [
      'a protocol switch that was not requested',
      '101 Switching Protocols\r\nUpgrade: odd\r\nConnection: upgrade\r\n\r\nok',
    ],
    ['an invalid header', '200 OK\r\nno header\r\n\r\nok'],
    ['two lengths', '200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok'],
    [
      'a length and chunks',
      '200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    ],
    ['invalid chunks', '200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['a head that does not end', '200 OK\r\nX-Odd: a'],
    ['nothing', ''],
  ])('does not harm guardrail when the warehouse sends %s', async (_what, answer) => {
    house.upstream().answer((_response, _request, raw) => {
      raw.socket.end(answer === '' ? '' : `HTTP/1.1 ${answer}`, 'latin1');
    });

    const guarded = await exchange(house.guardrail().proxyUrl, ask()).catch(() => null);

    expect([null, 200, 502, 503]).toContain(guarded?.status ?? null);
    house.upstream().answer((response) => void response.end(ROWS));
    expect((await exchange(house.guardrail().proxyUrl, ask())).body.toString()).toBe(ROWS);
  });
});

const PASSED_ON = DOORS.filter(([door]) => door.startsWith('a read') || door === 'a write');

describe.each(PASSED_ON)('%s', (_door, ask) => {
  test('says that it failed, and nothing of an answer whose body cannot be read', async () => {
    const head = '200 Quite Fine\r\nContent-Encoding: gzip\r\nETag: "odd"\r\nTransfer-Encoding: chunked';
    house.upstream().answer((_response, _request, raw) => {
      raw.socket.end(`HTTP/1.1 ${head}\r\n\r\nzz\r\n`, 'latin1');
    });

    const guarded = await exchange(house.guardrail().proxyUrl, ask());

    expect(guarded).toMatchObject({ status: 503, statusMessage: 'Service Unavailable' });
    expect(headerValues(guarded, 'content-encoding')).toEqual([]);
    expect(headerValues(guarded, 'etag')).not.toContain('"odd"');
    expect(JSON.parse(guarded.body.toString())).toMatchObject({ error: { code: 503 } });
  });
});
