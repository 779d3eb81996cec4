import { beforeEach, describe, expect, test } from 'vitest';
import { AUTHORIZATION, talk } from '../wire/exchange.ts';
import { useOddHouse } from '../wire/odd-house.ts';
import { sendJson } from '../wire/odd-upstream.ts';
import { HERE } from '../wire/requests.ts';

const house = useOddHouse();
beforeEach(() => house.upstream().answer((response) => sendJson(response, { kind: 'bigquery#datasetList' })));

const send = (lines: readonly string[]) => talk(house.guardrail().proxyUrl, `${lines.join('\r\n')}\r\n\r\n`);

test.each([
  ['one header', [`GET ${HERE}/datasets HTTP/1.1`, 'Host: x', `X: ${'a'.repeat(20_000)}`]],
  ['a path', [`GET ${HERE}/${'a'.repeat(20_000)} HTTP/1.1`, 'Host: x']],
  ['a query string', [`GET ${HERE}/datasets?a=${'a'.repeat(20_000)} HTTP/1.1`, 'Host: x']],
  ['many headers', [`GET ${HERE}/datasets HTTP/1.1`, 'Host: x', ...Array(5_000).fill('a: b')]],
])('a request head that is too large is refused with 431: %s', async (_what, lines) => {
  const before = house.upstream().reached.length;

  expect(await send(lines)).toMatch(/^HTTP\/1\.1 431 /);
  expect(house.upstream().reached).toHaveLength(before);
});

describe('no request makes guardrail connect elsewhere', () => {
  const here = `GET ${HERE}/datasets HTTP/1.1`;

  test.each([
    ['a foreign Host header', [here, 'Host: 169.254.169.254']],
    [
      'forwarded headers',
      [
        here,
        'Host: x',
        'X-Forwarded-Host: 169.254.169.254',
        'X-Forwarded-For: 127.0.0.1',
        'X-Forwarded-Proto: gopher',
        'Forwarded: host=evil.example',
      ],
    ],
    ['an original URL', [here, 'Host: x', 'X-Original-URL: /computeMetadata/v1/', 'X-Rewrite-URL: /admin']],
  ])('with %s: the warehouse is sent the path as given', async (_what, lines) => {
    const answer = await send([...lines, `Authorization: ${AUTHORIZATION}`, 'Connection: close']);

    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    const { target, rawHeaders } = house.upstream().reached.at(-1) ?? { target: '', rawHeaders: [] };
    expect(target).toBe(`${HERE}/datasets`);
    expect(rawHeaders[rawHeaders.findIndex((name) => name.toLowerCase() === 'host') + 1]).toBe(
      new URL(house.upstream().url).host,
    );
  });

  test.each([
    ['an absolute target', ['GET http://169.254.169.254/computeMetadata/v1/ HTTP/1.1', 'Host: x']],
    ['an absolute target of the API', ['GET http://127.0.0.1:1/bigquery/v2/projects HTTP/1.1', 'Host: x']],
    ['an asterisk as target', ['GET * HTTP/1.1', 'Host: x']],
    ['a user and a host as target', ['GET x@127.0.0.1:1 HTTP/1.1', 'Host: x']],
    ['an encoded slash', [`GET ${HERE}%2f..%2f..%2fadmin HTTP/1.1`, 'Host: x']],
    ['dots above the root', ['GET /../../admin HTTP/1.1', 'Host: x']],
    ['a folded header line', [here, 'Host: x', 'Transfer-Encoding:', ' chunked', 'Content-Length: 5']],
  ])('with %s: it is refused', async (_what, lines) => {
    const before = house.upstream().reached.length;

    expect(await send([...lines, 'Connection: close'])).toMatch(/^HTTP\/1\.1 (?:400|501) /);
    expect(house.upstream().reached).toHaveLength(before);
  });

  test('with doubled slashes: they are part of the path, not a host', async () => {
    await send(['GET //169.254.169.254/computeMetadata HTTP/1.1', 'Host: x', 'Connection: close']);

    expect(house.upstream().reached.at(-1)?.target).toBe('//169.254.169.254/computeMetadata');
  });

  test('with CONNECT: the connection is closed, and the warehouse gets nothing', async () => {
    const before = house.upstream().reached.length;

    expect(await send(['CONNECT 169.254.169.254:80 HTTP/1.1', 'Host: x'])).not.toMatch(/^HTTP\/1\.1 2/);
    expect(house.upstream().reached).toHaveLength(before);
  });
});
