import type { OutgoingHttpHeaders } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Access } from '../../../src/ops/access/access.ts';
import { requireRole, visitorOf } from '../../../src/ops/access/identify.ts';
import type { Role } from '../../../src/ops/access/visitor.ts';
import { type Answer, ask } from './ask.ts';
import { ANA, accessWith, BIA, RUI, serve } from './builders.ts';

interface Asked {
  readonly access?: Access;
  readonly role?: Role;
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
}

/** Asks for what this role may; the answer is who did. */
async function visit({
  access = accessWith(),
  role = 'viewer',
  method = 'GET',
  headers = {},
}: Asked): Promise<Answer> {
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
  ])('of %s, by %s, asked for %s is answered by %i', async (_role, token, role, status) => {
    expect(await visit({ role, headers: bearer(token) })).toMatchObject({ status });
  });

  test('that is not enough is told, with what would be', async () => {
    const { text } = await visit({ role: 'operator', headers: bearer(RUI) });

    expect(JSON.parse(text).error).toBe('this needs an operator, and rui is an analyst');
  });

  test('is asked of nobody known, who is told how to come, and no token is told', async () => {
    const { status, headers, text } = await visit({ role: 'analyst', headers: bearer('nobody') });

    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Bearer');
    expect(JSON.parse(text).error).toContain("this needs an analyst's token");
  });

  test('that nobody has is told with the setting that would give it', async () => {
    const access = accessWith({ operator_tokens: {} });

    const { status, text } = await visit({ access, role: 'operator', headers: {} });

    expect(status).toBe(403);
    expect(JSON.parse(text).error).toContain('operator_tokens');
  });
});

describe('a browser', () => {
  test('of which nothing is known is sent to sign in, and back from there', async () => {
    const { status, headers } = await visit({ headers: asPage });

    expect(status).toBe(303);
    expect(headers.location).toBe('/sign-in?next=%2Fpage%3Fa%3D1');
  });

  test('that comes by a link of another site asks once more by itself, with its cookie then', async () => {
    const { status, headers } = await visit({ headers: { ...asPage, 'sec-fetch-site': 'cross-site' } });

    expect(status).toBe(401);
    expect(headers['refresh']).toBe('0;url=/sign-in?next=%2Fpage%3Fa%3D1');
  });

  test('of somebody whose role is not enough is told so, and asked for another token', async () => {
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

  test('is sent nowhere when it writes', async () => {
    expect(await visit({ method: 'POST', headers: asPage })).toMatchObject({ status: 401 });
  });

  test('keeps nothing of what it is shown', async () => {
    const { headers } = await visit({ headers: bearer(BIA) });

    expect(headers['cache-control']).toBe('no-store');
  });

  test('is shown nothing that a browser takes for something else than it says it is', async () => {
    const { headers } = await visit({ headers: bearer(BIA) });

    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('what changes something', () => {
  const access = accessWith({
    identity_header: 'x-forwarded-email',
    trusted_proxies: '127.0.0.1',
    operators: 'ana@example.com',
  });
  const ways: [string, OutgoingHttpHeaders][] = [
    ['a session', session(access, ANA)],
    ['an identity', { 'x-forwarded-email': 'ana@example.com' }],
  ];

  test.each(ways)('is done for %s where a page of this port asks', async (_way, headers) => {
    const asked = { access, role: 'operator', method: 'DELETE' } as const;

    expect(await visit({ ...asked, headers: { ...headers, 'sec-fetch-site': 'same-origin' } })).toMatchObject(
      {
        status: 200,
      },
    );
  });

  test.each(ways)('is not done for %s where another site asks', async (_way, headers) => {
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

  test('is not done for an unnamed visitor where a browser says that another site asks', async () => {
    const open = accessWith({ anonymous_role: 'viewer' });
    const post = (headers: OutgoingHttpHeaders) => visit({ access: open, method: 'POST', headers });

    expect((await post({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await post({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await post({})).status).toBe(200);
  });

  test('is done for a token wherever it comes from: no browser sends one by itself', async () => {
    const headers = { ...bearer(ANA), origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };

    expect(await visit({ access, role: 'operator', method: 'POST', headers })).toMatchObject({ status: 200 });
  });

  test('is another thing than reading: a session reads wherever it is asked from', async () => {
    const headers = { ...session(access, BIA), 'sec-fetch-site': 'cross-site' };

    expect(await visit({ access, headers })).toMatchObject({ status: 200, text: 'bia' });
  });
});
