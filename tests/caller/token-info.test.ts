import { describe, expect, test } from 'vitest';
import { createTokenInfo, type TokenInfo } from '../../src/caller/token-info.ts';
import { deadAddress, littleServer, sendJson } from '../little-server.ts';

const TOKEN = 'ya29.secret-token';
const ANA = 'ana@guardrail-demo.example';

function tokenInfo(url: string, timeoutMs = 5000): { ask: TokenInfo; failures: string[] } {
  const failures: string[] = [];
  const ask = createTokenInfo({ url, timeoutMs, maxEntries: 10, onFailure: (why) => failures.push(why) });
  return { ask, failures };
}

describe('token info', () => {
  test('gives the e-mail address of a token, which is sent in the body to keep it out of access logs', async () => {
    const server = await littleServer((response) =>
      sendJson(response, 200, { email: ANA, expires_in: '3599' }),
    );
    const { ask, failures } = tokenInfo(`${server.url}/tokeninfo`);

    expect(await ask(TOKEN)).toBe(ANA);

    expect(server.seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', '/tokeninfo', `access_token=${TOKEN}`],
    ]);
    expect(failures).toEqual([]);
  });

  test('is remembered by token, and requested again for another token', async () => {
    const server = await littleServer((response, { body }) =>
      sendJson(response, 200, { email: `${body.slice(-1)}@x.example`, expires_in: 3599 }),
    );
    const { ask } = tokenInfo(server.url);

    const emails = [await ask('token-a'), await ask('token-a'), await ask('token-b'), await ask('token-a')];

    expect(emails).toEqual(['a@x.example', 'a@x.example', 'b@x.example', 'a@x.example']);
    expect(server.seen).toHaveLength(2);
  });

  test('is forgotten when the token has expired', async () => {
    const server = await littleServer((response) =>
      sendJson(response, 200, { email: ANA, expires_in: 0.02 }),
    );
    const { ask } = tokenInfo(server.url);

    await ask(TOKEN);
    await new Promise((resolve) => setTimeout(resolve, 60));
    await ask(TOKEN);

    expect(server.seen).toHaveLength(2);
  });

  test('is null if the endpoint refuses the token, which is reported without the token and not remembered', async () => {
    const server = await littleServer((response, _seen, count) =>
      count === 1
        ? sendJson(response, 400, { error: 'invalid_token', error_description: `Invalid Value ${TOKEN}` })
        : sendJson(response, 200, { email: ANA, expires_in: 60 }),
    );
    const { ask, failures } = tokenInfo(server.url);

    expect(await ask(TOKEN)).toBeNull();
    expect(failures).toEqual(['the endpoint answered HTTP 400 without an e-mail']);
    expect(await ask(TOKEN)).toBe(ANA);
  });

  test('is null if the endpoint redirects, and the token is not sent on', async () => {
    const other = await littleServer((response) => sendJson(response, 200, { email: ANA, expires_in: 60 }));
    const server = await littleServer((response) =>
      response.writeHead(307, { location: `${other.url}/tokeninfo` }).end(),
    );
    const { ask, failures } = tokenInfo(server.url);

    expect(await ask(TOKEN)).toBeNull();
    expect(other.seen).toEqual([]);
    expect(failures).toHaveLength(1);
  });

  test('is null if the token has no e-mail scope', async () => {
    const server = await littleServer((response) => sendJson(response, 200, { expires_in: '3599' }));
    const { ask, failures } = tokenInfo(server.url);

    expect(await ask(TOKEN)).toBeNull();
    expect(failures).toEqual(['the endpoint answered HTTP 200 without an e-mail']);
  });

  test('is null, reported without the token, if the endpoint sends no JSON, is too slow or is unreachable', async () => {
    const garbage = await littleServer((response) => response.end(`<html>${TOKEN}</html>`));
    const silent = await littleServer(() => undefined);
    const endpoints = [tokenInfo(garbage.url), tokenInfo(silent.url, 50), tokenInfo(await deadAddress())];

    const emails = await Promise.all(endpoints.map(({ ask }) => ask(TOKEN)));

    expect(emails).toEqual([null, null, null]);
    expect(endpoints.flatMap(({ failures }) => failures)).toEqual([
      'SyntaxError',
      'TimeoutError',
      'TypeError',
    ]);
  });
});
