import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createIapVerifier } from '../../../src/ops/access/iap.ts';

const AUDIENCE = '/projects/1234/global/backendServices/5678';

function keyPair() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

/** Serves public keys by their IDs as Google does; the keys can be changed. Without keys, it answers with an error. */
async function keyServer(keys: Map<string, KeyObject>) {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    if (keys.size === 0) response.statusCode = 404;
    const pems = [...keys].map(([id, key]) => [id, key.export({ type: 'spki', format: 'pem' })]);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(Object.fromEntries(pems)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`, requests: () => requests };
}

const now = () => Math.floor(Date.now() / 1000);

/** An assertion as Identity-Aware Proxy signs it, with changes to claims and header. */
function assertion(key: KeyObject, claims: Readonly<Record<string, unknown>> = {}, header = {}): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = `${part({ alg: 'ES256', typ: 'JWT', kid: 'key-1', ...header })}.${part({
    iss: 'https://cloud.google.com/iap',
    aud: AUDIENCE,
    iat: now() - 10,
    exp: now() + 600,
    sub: 'accounts.google.com:42',
    email: 'Ana@example.com',
    ...claims,
  })}`;
  const signature = sign('sha256', Buffer.from(payload), { key, dsaEncoding: 'ieee-p1363' });
  return `${payload}.${signature.toString('base64url')}`;
}

async function google() {
  const { privateKey, publicKey } = keyPair();
  const keys = new Map([['key-1', publicKey]]);
  const server = await keyServer(keys);
  return { privateKey, keys, server, verify: createIapVerifier(AUDIENCE, server.url) };
}

describe("Identity-Aware Proxy's assertion", () => {
  test('names the visitor, and the keys are fetched once', async () => {
    const { privateKey, server, verify } = await google();

    expect(await verify(assertion(privateKey))).toBe('ana@example.com');
    expect(await verify(assertion(privateKey, { email: 'rui@example.com' }))).toBe('rui@example.com');
    expect(server.requests()).toBe(1);
  });

  test.each([
    ['is for another audience', { aud: '/projects/1234/global/backendServices/9' }],
    ['comes from another issuer', { iss: 'https://accounts.google.com' }],
    ['has expired', { iat: now() - 7200, exp: now() - 3600 }],
    ['is not valid yet', { iat: now() + 3600, exp: now() + 7200 }],
    ['never expires', { exp: undefined }],
    ['names no address', { email: undefined }],
    ['names several addresses', { email: 'ana@example.com,rui@example.com' }],
  ])('names nobody if it %s', async (_what, claims) => {
    const { privateKey, verify } = await google();

    expect(await verify(assertion(privateKey, claims))).toBeNull();
  });

  test('names nobody if it is signed by another key, or unsigned', async () => {
    const { privateKey, verify } = await google();
    const [header = '', claims = ''] = assertion(privateKey).split('.');
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none', kid: 'key-1' })).toString('base64url');

    for (const forged of [
      assertion(keyPair().privateKey),
      assertion(privateKey, {}, { kid: 'key-2' }),
      assertion(privateKey, {}, { kid: 'constructor' }),
      `${header}.${claims}.`,
      `${unsigned}.${claims}.`,
      `${header}.${claims}`,
      'ana@example.com',
      '',
    ]) {
      expect(await verify(forged)).toBeNull();
    }
  });

  test('is rejected while the keys cannot be fetched', async () => {
    const { privateKey, publicKey } = keyPair();
    const keys = new Map([['key-1', publicKey]]);
    const verifyAtNothing = createIapVerifier(AUDIENCE, 'http://127.0.0.1:1/keys');
    const verify = createIapVerifier(AUDIENCE, (await keyServer(keys)).url);

    await expect(verifyAtNothing(assertion(privateKey))).rejects.toThrow();
    expect(await verify(assertion(privateKey))).toBe('ana@example.com');
  });

  describe('once Google changes its keys', () => {
    const MINUTE_MS = 60_000;

    /** Two keys of Google's, of which one is published; and a clock that can be set forward. */
    async function changing() {
      vi.useFakeTimers({ toFake: ['Date'] });
      onTestFinished(() => {
        vi.useRealTimers();
      });
      const newer = keyPair();
      const ofGoogle = await google();
      const signed = () => assertion(newer.privateKey, {}, { kid: 'key-2' });
      return {
        ...ofGoogle,
        signed,
        publish: () => ofGoogle.keys.set('key-2', newer.publicKey),
        pass: (ms: number) => vi.setSystemTime(Date.now() + ms),
      };
    }

    test('names the visitor by the new key, which is looked for once a minute at most', async () => {
      const { privateKey, server, verify, signed, publish, pass } = await changing();
      await verify(assertion(privateKey));
      publish();

      expect(await verify(signed())).toBeNull();
      expect(server.requests()).toBe(1);
      pass(MINUTE_MS + 1);
      expect(await verify(signed())).toBe('ana@example.com');
      expect(server.requests()).toBe(2);
    });

    test('names nobody by a key that was withdrawn an hour ago', async () => {
      const { privateKey, keys, verify, publish, pass } = await changing();
      await verify(assertion(privateKey));
      publish();
      keys.delete('key-1');

      pass(60 * MINUTE_MS);
      expect(await verify(assertion(privateKey))).toBe('ana@example.com');
      pass(1);
      expect(await verify(assertion(privateKey))).toBeNull();
    });

    test('names the visitor as soon as the keys can be fetched again', async () => {
      const { keys, verify, signed, publish } = await changing();
      keys.clear();

      await expect(verify(signed())).rejects.toThrow();
      publish();
      expect(await verify(signed())).toBe('ana@example.com');
    });
  });
});
