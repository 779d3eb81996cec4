import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSessions, SESSION_MS } from '../../../src/ops/access/sessions.ts';
import { createTokens } from '../../../src/ops/access/tokens.ts';
import { accessSettings } from './builders.ts';

const ana = { name: 'ana', role: 'operator' } as const;
const bia = { name: 'bia', role: 'viewer' } as const;
const noon = Date.UTC(2026, 10, 24, 12);

/** Sessions of a process with these settings. */
function process(values: Readonly<Record<string, unknown>> = {}) {
  return createSessions(createTokens(accessSettings(values).tokens));
}

function opened(holder: typeof ana | typeof bia, sessions = process()): string {
  const session = sessions.open(holder, noon);
  if (session === null) throw new Error(`${holder.name} holds no token`);
  return session;
}

describe('a session', () => {
  test('is accepted by every process with the same tokens, until it ends', () => {
    const session = opened(ana);

    expect(process().holderOf(session, noon)).toEqual(ana);
    expect(process().holderOf(session, noon + SESSION_MS - 1)).toEqual(ana);
    expect(process().holderOf(session, noon + SESSION_MS)).toBeNull();
  });

  test.each([
    ['another token', { operator_tokens: { ana: 'another-token-of-ana' } }],
    ['no token any more', { operator_tokens: {} }],
    ['another role', { operator_tokens: {}, analyst_tokens: { ana: 'token-of-ana-0123456789' } }],
  ])('ends when its holder has %s', (_what, values) => {
    expect(process(values).holderOf(opened(ana), noon)).toBeNull();
  });

  test('continues when somebody else gets another token', () => {
    const changed = process({ viewer_tokens: { bia: 'another-token-of-bia' } });

    expect(changed.holderOf(opened(ana), noon)).toEqual(ana);
    expect(changed.holderOf(opened(bia), noon)).toBeNull();
  });

  test('is not opened for somebody without a token', () => {
    expect(process().open({ name: 'nobody', role: 'operator' }, noon)).toBeNull();
  });

  test('that was ended stays so, however many made-up ones are ended after it', () => {
    const sessions = process();
    const session = opened(ana, sessions);

    sessions.end(session, noon);
    // More than are remembered.
    for (let i = 0; i < 10_001; i += 1) sessions.end(`made-up-${i}.signature`, noon);

    expect(sessions.holderOf(session, noon)).toBeNull();
  });

  test('does not contain the token', () => {
    const [claims = ''] = opened(ana).split('.');

    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toEqual({
      ...ana,
      endsAtMs: noon + SESSION_MS,
      id: expect.any(String),
    });
  });
});

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('an invalid session is rejected:', () => {
  test('one with a changed character', () => {
    const session = opened(bia);
    const sessions = process();

    fc.assert(
      fc.property(fc.nat(session.length - 1), fc.constantFrom(...BASE64URL), (at, other) => {
        fc.pre(other !== session[at]);
        const changed = session.slice(0, at) + other + session.slice(at + 1);
        const holder = sessions.holderOf(changed, noon);
        // The last character has unused bits.
        expect(holder === null || at === session.length - 1).toBe(true);
      }),
    );
  });

  test('one with other claims than were signed', () => {
    const [, signature = ''] = opened(bia).split('.');
    const claim = (claims: unknown) =>
      `${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;

    for (const claims of [
      { ...ana, endsAtMs: noon + SESSION_MS },
      { ...bia, role: 'operator', endsAtMs: noon + SESSION_MS },
      { ...bia, endsAtMs: noon + 2 * SESSION_MS },
    ]) {
      expect(process().holderOf(claim(claims), noon)).toBeNull();
    }
  });

  test('any other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\w-]*\.[\w-]*$/)), (text) => {
        expect(process().holderOf(text, noon)).toBeNull();
      }),
    );
  });
});
