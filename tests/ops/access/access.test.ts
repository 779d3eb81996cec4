import type { OutgoingHttpHeaders } from 'node:http';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { type Access, createAccess } from '../../../src/ops/access/access.ts';
import { ask } from './ask.ts';
import { ANA, accessSettings, accessWith, BIA, RUI, serve } from './builders.ts';

const PROXIED = { identity_header: 'x-forwarded-email', trusted_proxies: '127.0.0.0/8' };
const PEOPLE = { operators: 'ana@example.com', analysts: '*@dados.example.com', viewers: '*@example.com' };

/** The visitor identified from a request with these headers, over a real connection. */
async function identified(access: Access, headers: OutgoingHttpHeaders) {
  const url = await serve(access, (app) =>
    app.get('/', async (request, response) => {
      response.json(await access.identify(request));
    }),
  );
  return JSON.parse((await ask(url, { headers })).text);
}

function cookieOf(access: Access, token: string): string {
  return `guardrail_session=${access.signIn(token)?.session}`;
}

describe('by a token or a session', () => {
  test('a visitor is identified by the token in the request, before anything else', async () => {
    const access = accessWith({ ...PROXIED, ...PEOPLE });

    const known = await identified(access, {
      authorization: `Bearer ${RUI}`,
      cookie: cookieOf(access, BIA),
      'x-forwarded-email': 'ana@example.com',
    });

    expect(known).toEqual({ visitor: { name: 'rui', role: 'analyst' }, by: 'token' });
  });

  test('a session takes precedence over an identity header, and an unknown token is ignored', async () => {
    const access = accessWith({ ...PROXIED, ...PEOPLE });

    const known = await identified(access, {
      authorization: 'Bearer an-id-token-of-the-proxy',
      cookie: `theme=dark; ${cookieOf(access, ANA)}`,
      'x-forwarded-email': 'bia@example.com',
    });

    expect(known).toEqual({ visitor: { name: 'ana', role: 'operator' }, by: 'session' });
  });

  test('a session is found among invalid cookies of the same name', async () => {
    const access = accessWith();
    const cookie = `guardrail_session=x.y; ${cookieOf(access, BIA)}; guardrail_session=`;

    expect(await identified(access, { cookie })).toMatchObject({ visitor: { name: 'bia' }, by: 'session' });
  });

  test('an unknown or empty token opens no session', () => {
    expect(accessWith().signIn('token-of-nobody-0123456789')).toBeNull();
    expect(accessWith().signIn('')).toBeNull();
  });
});

describe("by a proxy's header", () => {
  test.each([
    ['ana@example.com', 'operator'],
    ['Rui@Dados.example.com', 'analyst'],
    ['bia@example.com', 'viewer'],
  ])('%s is identified, as %s', async (address, role) => {
    const known = await identified(accessWith({ ...PROXIED, ...PEOPLE }), { 'x-forwarded-email': address });

    expect(known).toEqual({ visitor: { name: address.toLowerCase(), role }, by: 'identity' });
  });

  test.each<[string, OutgoingHttpHeaders]>([
    ['there is none', {}],
    ['it is empty', { 'x-forwarded-email': '' }],
    ['it names several', { 'x-forwarded-email': 'ana@example.com, bia@example.com' }],
    ['it is there twice', { 'x-forwarded-email': ['ana@example.com', 'bia@example.com'] }],
    ['it is there twice with the same', { 'x-forwarded-email': ['ana@example.com', 'ana@example.com'] }],
    ['its name is written with underscores', { x_forwarded_email: 'ana@example.com' }],
    ['another header has it', { 'x-forwarded-user': 'ana@example.com' }],
    ['it names somebody without a role', { 'x-forwarded-email': 'ana@elsewhere.example' }],
  ])('nobody is identified if %s', async (_what, headers) => {
    expect(await identified(accessWith({ ...PROXIED, ...PEOPLE }), headers)).toBeNull();
  });

  test('nobody is identified if the connection is not from a trusted proxy, whatever its headers claim', async () => {
    const access = accessWith({ ...PROXIED, ...PEOPLE, trusted_proxies: '10.0.0.0/8,::2' });

    const known = await identified(access, {
      'x-forwarded-email': 'ana@example.com',
      'x-forwarded-for': '10.0.0.7',
      forwarded: 'for=10.0.0.7',
      'x-real-ip': '10.0.0.7',
    });

    expect(known).toBeNull();
  });

  test('an address without a role of its own gets anonymous_role', async () => {
    const access = accessWith({ ...PROXIED, ...PEOPLE, anonymous_role: 'viewer' });

    const known = await identified(access, { 'x-forwarded-email': 'ana@elsewhere.example' });

    expect(known).toEqual({ visitor: { name: 'ana@elsewhere.example', role: 'viewer' }, by: 'identity' });
  });
});

describe('by Identity-Aware Proxy', () => {
  const settings = accessSettings({ iap_audience: '/projects/1/apps/x', ...PEOPLE });
  const silent = pino({ level: 'silent' });
  const access = createAccess(settings, silent, async (assertion) =>
    assertion === 'signed-for-ana' ? 'ana@example.com' : null,
  );

  test('the address in a signed assertion is identified', async () => {
    const known = await identified(access, { 'x-goog-iap-jwt-assertion': 'signed-for-ana' });

    expect(known).toEqual({ visitor: { name: 'ana@example.com', role: 'operator' }, by: 'identity' });
  });

  test.each<[string, OutgoingHttpHeaders]>([
    ['the assertion is not signed', { 'x-goog-iap-jwt-assertion': 'x' }],
    ['there are two', { 'x-goog-iap-jwt-assertion': ['signed-for-ana', 'signed-for-ana'] }],
    ['only the header beside it names somebody', { 'x-goog-authenticated-user-email': 'ana@example.com' }],
  ])('nobody is identified if %s', async (_what, headers) => {
    expect(await identified(access, headers)).toBeNull();
  });

  test("nobody is identified while Google's keys cannot be fetched", async () => {
    const cut = createAccess(settings, silent, () => Promise.reject(new Error('no network')));

    expect(await identified(cut, { 'x-goog-iap-jwt-assertion': 'signed-for-ana' })).toBeNull();
  });
});

describe('without credentials', () => {
  const open = accessWith({ anonymous_role: 'analyst', ops_hosts: 'guardrail.example' });

  test.each(['127.0.0.1:8081', 'localhost:8081', '[::1]:8081', 'guardrail.example'])(
    'an unnamed visitor is let in at host %s',
    async (host) => {
      expect(await identified(open, { host })).toEqual({
        visitor: { name: null, role: 'analyst' },
        by: 'nothing',
      });
    },
  );

  test.each(['evil.example', 'evil.example:8081', 'localhost.evil.example'])(
    'nobody is let in at host %s, which another site may have resolved to this machine',
    async (host) => {
      expect(await identified(open, { host })).toBeNull();
      expect(await identified(open, { host, authorization: `Bearer ${BIA}` })).not.toBeNull();
    },
  );

  describe('and without access settings, on a port only for this machine,', () => {
    const host = 'localhost:8081';
    const atHome = () =>
      createAccess(
        accessSettings({ operator_tokens: {}, analyst_tokens: {}, viewer_tokens: {} }),
        pino({ level: 'silent' }),
      );

    test('an unnamed visitor is let in', async () => {
      expect(await identified(atHome(), { host })).toMatchObject({ by: 'nothing' });
    });

    test.each(['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'])(
      'nobody is let in whose request came through a proxy, as its header %s shows',
      async (header) => {
        expect(await identified(atHome(), { host, [header]: 'https' })).toBeNull();
        expect(await identified(open, { host, [header]: 'https' })).not.toBeNull();
      },
    );
  });

  test('nobody is let in unless the settings allow it', async () => {
    expect(await identified(accessWith(), {})).toBeNull();
  });
});

describe('a role', () => {
  const nobody = { operator_tokens: {}, analyst_tokens: {}, viewer_tokens: {} };

  test.each([
    ['a token', { operator_tokens: { ana: ANA } }],
    ['an address', { ...PROXIED, operators: 'ana@example.com' }],
    ['no credentials', { anonymous_role: 'analyst' }],
  ])('is held by somebody if a higher one is, by whoever has %s', (_what, holder) => {
    expect(accessWith({ ...nobody, ...holder }).hasAnyHolder('viewer')).toBe(true);
  });

  test('is held by nobody if only lower ones are', () => {
    const access = accessWith({ ...nobody, viewer_tokens: { bia: BIA }, anonymous_role: 'viewer' });

    expect(access.hasAnyHolder('analyst')).toBe(false);
  });
});
