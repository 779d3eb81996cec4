import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import type { Access } from '../../../../src/ops/access/access.ts';
import { requireRole, visitorOf } from '../../../../src/ops/access/identify.ts';
import { signInRouter } from '../../../../src/ops/access/sign-in/sign-in.ts';
import { ask } from '../ask.ts';
import { ANA, accessWith, BIA, serve } from '../builders.ts';

/** A port with the pages to sign in and out, and a page that names the visitor. @returns its URL and log */
async function port(access: Access = accessWith()) {
  const lines: string[] = [];
  const stream = new Writable({
    write(line, _encoding, done) {
      lines.push(String(line));
      done();
    },
  });
  const url = await serve(access, (app) => {
    app.use(signInRouter(access, pino(stream)));
    app.get('/whoami', requireRole('viewer'), (_request, response) => {
      response.json(visitorOf(response));
    });
  });
  return { url, logged: () => lines.join('') };
}

/** Sends the form as a browser does from the page itself, unless `headers` differ. */
function send(url: string, path: string, fields: Readonly<Record<string, string>>, headers = {}) {
  return ask(`${url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      origin: url,
      ...headers,
    },
    body: new URLSearchParams(fields).toString(),
  });
}

const setCookie = (answer: { headers: { 'set-cookie'?: string[] | undefined } }) =>
  answer.headers['set-cookie']?.[0] ?? '';

describe('signing in', () => {
  test('a pasted token opens a session, and leads back to where the visitor came from', async () => {
    const { url } = await port();

    const signedIn = await send(url, '/sign-in', { token: ` ${ANA} `, next: '/whoami?a=1' });
    const who = await ask(`${url}/whoami`, { headers: { cookie: setCookie(signedIn).split(';')[0] ?? '' } });

    expect(signedIn.status).toBe(303);
    expect(signedIn.headers.location).toBe('/whoami?a=1');
    expect(setCookie(signedIn)).toMatch(
      /^guardrail_session=[\w.-]+; Max-Age=43200; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    expect(JSON.parse(who.text)).toEqual({ name: 'ana', role: 'operator' });
  });

  test('the cookie is Secure only if a trusted proxy says that the browser used TLS', async () => {
    const tls = { 'x-forwarded-proto': 'https' };
    const plain = { 'x-forwarded-proto': 'http' };
    const trusted = await port(accessWith({ trusted_proxies: '127.0.0.1' }));
    const other = await port();

    expect(setCookie(await send(trusted.url, '/sign-in', { token: BIA }, tls))).toContain('; Secure');
    expect(setCookie(await send(trusted.url, '/sign-in', { token: BIA }, plain))).not.toContain('Secure');
    expect(setCookie(await send(other.url, '/sign-in', { token: BIA }, tls))).not.toContain('Secure');
  });

  test('an unknown token opens no session, and is neither shown nor logged', async () => {
    const { url, logged } = await port();

    const answer = await send(url, '/sign-in', { token: 'token-of-nobody-0123456789' });

    expect(answer.status).toBe(403);
    expect(setCookie(answer)).toBe('');
    expect(answer.text).toContain('This token is unknown');
    expect(answer.text + logged()).not.toContain('token-of-nobody');
    expect(logged()).toContain('somebody tried to sign in');
  });

  test('a valid token is neither shown nor logged either', async () => {
    const { url, logged } = await port();

    const answer = await send(url, '/sign-in', { token: ANA });

    expect(JSON.stringify(answer) + logged()).not.toContain(ANA);
    expect(logged()).toContain('"name":"ana"');
  });

  test('tokens cannot be guessed: after ten unknown ones, none is accepted for a while', async () => {
    const { url, logged } = await port();
    for (let tries = 0; tries < 10; tries += 1) {
      expect((await send(url, '/sign-in', { token: `token-of-nobody-${tries}` })).status).toBe(403);
    }

    const late = await send(url, '/sign-in', { token: ANA });
    const byHeader = await ask(`${url}/whoami`, { headers: { authorization: `Bearer ${ANA}` } });

    expect(late.status).toBe(429);
    expect(setCookie(late)).toBe('');
    expect(late.text).toContain('Wait a minute');
    expect(logged().match(/somebody tried to sign in/g)).toHaveLength(10);
    expect(byHeader.status).toBe(200);
  });

  test('a form from another site signs nobody in, even with a valid token', async () => {
    const { url } = await port();

    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: url, 'sec-fetch-site': 'cross-site' },
    ]) {
      const answer = await send(url, '/sign-in', { token: BIA }, headers);
      expect(answer.status).toBe(403);
      expect(setCookie(answer)).toBe('');
    }
  });

  test('a token in the address is ignored', async () => {
    const { url } = await port();

    const answer = await ask(`${url}/sign-in?token=${ANA}`);

    expect(setCookie(answer)).toBe('');
    expect(answer.text).not.toContain(ANA);
  });

  test('nobody is redirected to another site, and a form that is too large is refused', async () => {
    const { url } = await port();

    const led = await send(url, '/sign-in', { token: ANA, next: '//evil.example' });
    const large = await send(url, '/sign-in', { token: 'x'.repeat(10_000) });

    expect(led.headers.location).toBe('/');
    expect(large.status).toBe(413);
  });
});

describe('the page to sign in', () => {
  test.each([
    [undefined, 'en', 'Sign in'],
    ['en-GB,en;q=0.9', 'en', 'Sign in'],
    ['pt-BR,pt;q=0.9,en;q=0.8', 'pt-BR', 'Entrar'],
    ['pt', 'pt-BR', 'Entrar'],
    ['de', 'en', 'Sign in'],
  ])('for a browser with accept-language %s is in %s', async (accepted, language, button) => {
    const { url } = await port();

    const { text } = await ask(`${url}/sign-in`, {
      headers: accepted === undefined ? {} : { 'accept-language': accepted },
    });

    expect(text).toContain(`<html lang="${language}" `);
    expect(text).toContain(`<button>${button}</button>`);
  });

  test('is in the language and theme that were chosen in the console, whatever the browser prefers', async () => {
    const { url } = await port();

    const { text } = await ask(`${url}/sign-in`, {
      headers: { 'accept-language': 'en', cookie: 'guardrail_language=pt-BR; guardrail_theme=dark' },
    });

    expect(text).toContain('<html lang="pt-BR" data-theme="dark">');
    expect(text).toContain('<button>Entrar</button>');
  });

  test('runs no script, allows no frame, and escapes the requested path', async () => {
    const { url } = await port();

    const { headers, text } = await ask(`${url}/sign-in?next=${encodeURIComponent('/a"><script>')}`);

    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(text).not.toContain('<script');
  });

  test('says who is signed in already, and lets them sign out', async () => {
    const { url } = await port();
    const cookie = setCookie(await send(url, '/sign-in', { token: BIA })).split(';')[0] ?? '';

    const page = await ask(`${url}/sign-in`, { headers: { cookie } });
    const back = await ask(`${url}/sign-in?next=/whoami`, { headers: { cookie } });
    const out = await send(url, '/sign-out', {}, { cookie });
    const notOut = await send(url, '/sign-out', {}, { cookie, origin: 'https://evil.example' });

    expect(page.text).toContain('You are signed in as bia (viewer).');
    expect(page.text).toContain('action="/sign-out"');
    expect(back.headers.location).toBe('/whoami');
    expect(setCookie(out)).toMatch(/^guardrail_session=; .*Expires=Thu, 01 Jan 1970/);
    expect(setCookie(notOut)).toBe('');
  });

  test('signs out for good: a copied cookie of that session opens nothing', async () => {
    const { url } = await port();
    const cookie = setCookie(await send(url, '/sign-in', { token: BIA })).split(';')[0] ?? '';
    const other = setCookie(await send(url, '/sign-in', { token: BIA })).split(';')[0] ?? '';

    await send(url, '/sign-out', {}, { cookie });

    expect((await ask(`${url}/whoami`, { headers: { cookie } })).status).toBe(401);
    expect((await ask(`${url}/whoami`, { headers: { cookie: other } })).status).toBe(200);
  });
});
