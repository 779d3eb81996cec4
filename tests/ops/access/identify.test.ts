import type { OutgoingHttpHeaders } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Access } from '../../../src/ops/access/access.ts';
import { requireRole, visitorOf } from '../../../src/ops/access/identify.ts';
import type { Role } from '../../../src/ops/access/visitor.ts';
import { type Answer, ask } from './ask.ts';
import { ANA, accessWith, BIA, RUI, serve } from './builders.ts';

interface Visit {
  readonly access?: Access;
  readonly role?: Role;
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
}

/** Requests a page that requires this role; the answer names the visitor. */
async function visit({
  access = accessWith(),
  role = 'viewer',
  method = 'GET',
  headers = {},
}: Visit): Promise<Answer> {
  const url = await serve(access, (app) =>
    app.all('/page', requireRole(role), (_request, response) => {
      response.send(visitorOf(response).name ?? 'unnamed');
    }),
  );
  return ask(`${url}/page?a=1`, { method, headers });
}

function session(access: Access, token: string): OutgoingHttpHeaders {
  return { cookie: `guardrail_session=${access.signIn(token)?.session}` };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const asPage = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

describe('a role', () => {
  test.each<[string, string, Role, number]>([
    ['viewer', BIA, 'viewer', 200],
    ['viewer', BIA, 'analyst', 403],
    ['viewer', BIA, 'operator', 403],
    ['analyst', RUI, 'viewer', 200],
    ['analyst', RUI, 'analyst', 200],
    ['analyst', RUI, 'operator', 403],
    ['operator', ANA, 'viewer', 200],
    ['operator', ANA, 'operator', 200],
  ])('of %s, with token %s, where %s is required is answered %i', async (_role, token, role, status) => {
    expect(await visit({ role, headers: bearer(token) })).toMatchObject({ status });
  });

  test('that is not enough is named in the answer, with the role that is required', async () => {
    const { text } = await visit({ role: 'operator', headers: bearer(RUI) });

    expect(JSON.parse(text).error).toBe('this needs an operator, and rui is an analyst');
  });

  test('required of a visitor with an unknown token is answered 401, with the kind of token to use', async () => {
    const { status, headers, text } = await visit({ role: 'analyst', headers: bearer('nobody') });

    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Bearer');
    expect(JSON.parse(text).error).toContain("this needs an analyst's token");
  });

  test('that nobody has by the settings is answered 403 with the setting that gives it', async () => {
    const access = accessWith({ operator_tokens: {} });

    const { status, text } = await visit({ access, role: 'operator', headers: {} });

    expect(status).toBe(403);
    expect(JSON.parse(text).error).toContain('operator_tokens');
  });
});

describe('a browser', () => {
  test('without credentials is redirected to sign in, and then back', async () => {
    const { status, headers } = await visit({ headers: asPage });

    expect(status).toBe(303);
    expect(headers.location).toBe('/sign-in?next=%2Fpage%3Fa%3D1');
  });

  test('that follows a link from another site repeats the request itself, now with its cookie', async () => {
    const { status, headers } = await visit({ headers: { ...asPage, 'sec-fetch-site': 'cross-site' } });

    expect(status).toBe(401);
    expect(headers['refresh']).toBe('0;url=/sign-in?next=%2Fpage%3Fa%3D1');
  });

  test('of a visitor whose role is not enough gets a page that says so and asks for another token', async () => {
    const { status, headers, text } = await visit({
      role: 'analyst',
      headers: { ...asPage, ...bearer(BIA) },
    });

    expect(status).toBe(403);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(text).toContain('This page is for another role.');
    expect(text).toContain('You are signed in as bia (viewer).');
    expect(text).toContain('name="next" value="/page?a=1"');
  });

  test('that sends a form after its session has ended is told so on a page, which leads back to the form', async () => {
    const { status, headers, text } = await visit({
      method: 'POST',
      headers: {
        ...asPage,
        'sec-fetch-site': 'same-origin',
        referer: 'http://guardrail.example:8081/grants?done=asked',
      },
    });

    expect(status).toBe(403);
    expect(headers['content-type']).toContain('text/html');
    expect(text).toContain('Your session has ended, so nothing was done.');
    expect(text).toContain('name="next" value="/grants?done=asked"');
  });

  test('that sends a form with too little a role is told so on a page', async () => {
    const access = accessWith();
    const { status, text } = await visit({
      access,
      role: 'operator',
      method: 'POST',
      headers: { ...asPage, ...session(access, BIA), 'sec-fetch-site': 'same-origin' },
    });

    expect(status).toBe(403);
    expect(text).toContain('This page is for another role.');
    expect(text).toContain('name="next" value="/"');
  });

  test('that another site makes write is not asked to sign in', async () => {
    const headers = { ...asPage, 'sec-fetch-site': 'cross-site', referer: 'https://evil.example/grants' };

    const { status, text } = await visit({ method: 'POST', headers });

    expect(status).toBe(401);
    expect(JSON.parse(text)).toHaveProperty('error');
  });

  test('is told not to store what it is shown', async () => {
    const { headers } = await visit({ headers: bearer(BIA) });

    expect(headers['cache-control']).toBe('no-store');
  });

  test('is told not to guess content types', async () => {
    const { headers } = await visit({ headers: bearer(BIA) });

    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('a request that changes something', () => {
  const access = accessWith({
    identity_header: 'x-forwarded-email',
    trusted_proxies: '127.0.0.1',
    operators: 'ana@example.com',
  });
  const ways: [string, OutgoingHttpHeaders][] = [
    ['a session', session(access, ANA)],
    ['an identity', { 'x-forwarded-email': 'ana@example.com' }],
  ];

  test.each(ways)('is accepted with %s from a page of this port', async (_way, headers) => {
    const request = { access, role: 'operator', method: 'DELETE' } as const;

    expect(
      await visit({ ...request, headers: { ...headers, 'sec-fetch-site': 'same-origin' } }),
    ).toMatchObject({
      status: 200,
    });
  });

  test.each(ways)('is refused with %s from another site', async (_way, headers) => {
    for (const from of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      {},
    ]) {
      const { status, text } = await visit({
        access,
        role: 'operator',
        method: 'POST',
        headers: { ...headers, ...from },
      });
      expect(status).toBe(403);
      expect(text).toContain('must come from a page of this address');
    }
  });

  test('is refused for an unnamed visitor if the browser says that it comes from another site', async () => {
    const open = accessWith({ anonymous_role: 'viewer' });
    const post = (headers: OutgoingHttpHeaders) => visit({ access: open, method: 'POST', headers });

    expect((await post({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await post({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await post({})).status).toBe(200);
  });

  test('is accepted with a token wherever it comes from, since no browser sends one by itself', async () => {
    const headers = { ...bearer(ANA), origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };

    expect(await visit({ access, role: 'operator', method: 'POST', headers })).toMatchObject({ status: 200 });
  });

  test('is checked, unlike a read: a session reads from wherever the request comes', async () => {
    const headers = { ...session(access, BIA), 'sec-fetch-site': 'cross-site' };

    expect(await visit({ access, headers })).toMatchObject({ status: 200, text: 'bia' });
  });
});
