import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { AUTHORIZATION, exchange, pairs, type RequestSpec, talk } from './exchange.ts';
import { useOddHouse } from './odd-house.ts';
import { type Reached, sendJson } from './odd-upstream.ts';
import { HERE, query } from './requests.ts';

const house = useOddHouse();
beforeEach(() => house.upstream().answer((response) => sendJson(response, { jobComplete: true })));

/** Headers of the connection and its target, rather than of the request. */
const OF_THE_CONNECTION = new Set(['connection', 'host', 'transfer-encoding']);

/** A request in comparable form: repeated header lines are joined, since both mean the same. */
function comparable({ method, target, rawHeaders, body }: Reached) {
  const headers: Record<string, string> = {};
  for (const [name, value] of pairs(rawHeaders)) {
    const key = name.toLowerCase();
    if (OF_THE_CONNECTION.has(key) || `${key}: ${value}` === 'content-length: 0') continue;
    headers[key] = key in headers ? `${headers[key]}, ${value}` : value;
  }
  return { method, target, headers, body };
}

async function reachedBy(origin: string, spec: RequestSpec): Promise<Reached> {
  await exchange(origin, spec);
  const last = house.upstream().reached.at(-1);
  if (last === undefined) throw new Error('nothing reached the upstream');
  return last;
}

const FROM_A_CLIENT = {
  'User-Agent': 'gcloud-python/3.11 gl-python/3.12',
  'X-Goog-Api-Client': 'gl-node/24 gccl/8.3',
  'x-goog-user-project': 'billed-project',
  Cookie: 'a=1; b=2',
  'X-Odd': ['one', 'two'],
  'Accept-Encoding': 'gzip;q=0.5, identity',
  'x-forwarded-for': '10.0.0.1',
};

test.each<[string, () => RequestSpec]>([
  ['a read', () => ({ method: 'GET', target: `${HERE}/datasets` })],
  ['a query', () => query({ query: 'SELECT 1' })],
])(
  '%s with connection: close from the client keeps the connection to the warehouse open',
  async (_what, ask) => {
    const spec = ask();
    const reached = await reachedBy(house.guardrail().proxyUrl, {
      ...spec,
      headers: { ...spec.headers, Connection: 'close' },
    });

    const connection = pairs(reached.rawHeaders).filter(([name]) => name.toLowerCase() === 'connection');
    expect(connection.map(([, value]) => value)).toEqual(['keep-alive']);
  },
);

describe('a request that passes unchanged reaches the warehouse as the client sent it:', () => {
  test.each<[string, RequestSpec]>([
    ['a read', { method: 'GET', target: `${HERE}/datasets` }],
    [
      'odd parameters',
      { method: 'GET', target: `${HERE}/datasets?filter=a%20b+c%2Bd&x=%F0%9F%A7%BE&&=&y?z=1#` },
    ],
    ['names that need encoding', { method: 'GET', target: `${HERE}/datasets/d%C3%A7/tables/a%20b%24c` }],
    ['a head', { method: 'HEAD', target: `${HERE}/datasets/d` }],
    [
      'a preflight',
      { method: 'OPTIONS', target: `${HERE}/queries`, headers: { origin: 'https://bi.example' } },
    ],
    ['a delete', { method: 'DELETE', target: `${HERE}/datasets/d?deleteContents=true` }],
    [
      'a write',
      {
        method: 'PUT',
        target: `${HERE}/datasets/d`,
        body: '{ "friendlyName" : "ação 🧾", "n": 12345678901234567890 }\n',
        headers: { 'content-type': 'application/json; charset=utf-8', 'if-match': '"e"' },
      },
    ],
    [
      'inserted rows',
      {
        method: 'POST',
        target: `${HERE}/datasets/d/tables/t/insertAll`,
        body: JSON.stringify({
          rows: Array.from({ length: 20_000 }, (_, n) => ({ json: { n, t: 'ü'.repeat(50) } })),
        }),
        headers: { 'transfer-encoding': 'chunked' },
      },
    ],
  ])('%s', async (_what, spec) => {
    const request = { ...spec, headers: { ...FROM_A_CLIENT, ...spec.headers } };
    const direct = await reachedBy(house.upstream().url, request);

    const guarded = await reachedBy(house.guardrail().proxyUrl, request);

    expect(comparable(guarded)).toEqual(comparable(direct));
  });

  test('a large body in gzip', async () => {
    const body = gzipSync(Buffer.alloc(3_000_000, 'a,b\n'));
    const sent: RequestSpec = {
      method: 'POST',
      target: `${HERE}/datasets/d/tables/t/insertAll`,
      body,
      headers: { 'content-encoding': 'gzip', 'content-length': String(body.length) },
    };

    expect(comparable(await reachedBy(house.guardrail().proxyUrl, sent))).toEqual(
      comparable(await reachedBy(house.upstream().url, sent)),
    );
  });
});

test('a query reaches the warehouse with all its headers and fields, plus a cap and labels', async () => {
  const spec = query(
    {
      query: "SELECT 'ação 🧾' AS `preço`",
      requestId: 'r-1',
      timeoutMs: 12345,
      maxResults: 3,
      formatOptions: { useInt64Timestamp: true },
      someNewField: { deep: [1, null, 'ü'] },
      labels: { own: 'x' },
    },
    '?prettyPrint=false&alt=json&fields=rows%2CjobReference',
    { ...FROM_A_CLIENT, 'content-type': 'application/json' },
  );
  const direct = await reachedBy(house.upstream().url, spec);

  const guarded = await reachedBy(house.guardrail().proxyUrl, spec);

  const withoutBody = ({ headers, ...rest }: ReturnType<typeof comparable>) => {
    const { 'content-length': _length, ...kept } = headers;
    return { ...rest, headers: kept, body: '' };
  };
  const sent = JSON.parse(guarded.body);
  const { guardrail_team: team, guardrail_decision: decision, ...labels } = sent.labels;
  expect(withoutBody(comparable(guarded))).toEqual(withoutBody(comparable(direct)));
  expect({ ...sent, labels, maximumBytesBilled: undefined }).toEqual(JSON.parse(direct.body));
  expect([team, sent.maximumBytesBilled]).toEqual(['atendimento', '10485760']);
  expect(decision).toMatch(/^[0-9a-f-]{36}$/);
});

test.each([
  ['a read', 'GET', `${HERE}/datasets`],
  ['a read outside the API', 'GET', '/discovery/v1/apis/bigquery/v2/rest'],
  ['a preflight', 'OPTIONS', `${HERE}/queries`],
])(
  'a client that hangs up is not counted as an error of the warehouse: %s',
  async (_what, method, target) => {
    const arrived = Promise.withResolvers<ServerResponse>();
    // guardrail itself may still ask for a job of an earlier test.
    house.upstream().answer((response, reached) => {
      if (reached.target === target) arrived.resolve(response);
      else sendJson(response, { jobComplete: true });
    });
    const hangUp = new AbortController();
    const spec = { method, target, signal: hangUp.signal };
    const asked = exchange(house.guardrail().proxyUrl, spec).catch(() => 'hung up');

    const left = once(await arrived.promise, 'close');
    hangUp.abort();
    await Promise.all([asked, left]);

    const metrics = await (await fetch(`${house.guardrail().opsUrl}/metrics`)).text();
    expect(metrics).not.toMatch(/^guardrail_upstream_errors_total\{stage="forward"\} [^0]/m);
  },
);

test('a client that offers to upgrade to HTTP/2 is answered over HTTP/1.1', async () => {
  const text = await talk(
    house.guardrail().proxyUrl,
    `GET ${HERE}/datasets HTTP/1.1\r\nHost: x\r\nAuthorization: ${AUTHORIZATION}\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n`,
  );

  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(comparable(house.upstream().reached.at(-1) as Reached).headers).not.toHaveProperty('upgrade');
});

describe('a header about the client’s own connection goes no further, and ends nothing:', () => {
  const AN_END = 'Connection: close';
  const read = `GET ${HERE}/datasets HTTP/1.1\r\nHost: x\r\nAuthorization: ${AUTHORIZATION}`;
  const asked = (sql: string) => {
    const body = JSON.stringify({ query: sql, useLegacySql: false });
    return `POST ${HERE}/queries HTTP/1.1\r\nHost: x\r\nAuthorization: ${AUTHORIZATION}\r\n${AN_END}\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\nX-Sum: 1\r\n\r\n`;
  };

  test.each([
    ['announced trailers, without a body', `${read}\r\n${AN_END}\r\nTrailer: X-Sum\r\n\r\n`],
    ['announced trailers, behind a query', asked('SELECT 1')],
    ['trailers that the client would take', `${read}\r\n${AN_END}\r\nTE: trailers\r\n\r\n`],
    ['credentials for a proxy', `${read}\r\n${AN_END}\r\nProxy-Authorization: Basic eDp5\r\n\r\n`],
    ['a wait for permission to send a body', `${read}\r\n${AN_END}\r\nExpect: 100-continue\r\n\r\n`],
  ])('%s', async (_what, bytes) => {
    const text = await talk(house.guardrail().proxyUrl, bytes);

    expect(text).toContain('HTTP/1.1 200 OK\r\n');
    const { headers } = comparable(house.upstream().reached.at(-1) as Reached);
    for (const name of ['trailer', 'te', 'proxy-authorization', 'expect']) {
      expect(headers).not.toHaveProperty(name);
    }
  });
});
