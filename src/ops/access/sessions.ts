import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { HOUR_MS } from '../../foundation/calendar/durations.ts';
import type { Tokens } from './tokens.ts';
import { ROLES, type Visitor } from './visitor.ts';

/** A working day: the next day means signing in again. */
export const SESSION_MS = 12 * HOUR_MS;

/** Far more sessions than are signed out of in a working day. */
const MAX_ENDED = 10_000;

/**
 * Sessions of visitors who signed in with a token. Nothing is stored about them: the cookie is signed with a key
 * derived from the token, so every process that has the token accepts them, and none does once it is changed. After a
 * sign-out, only the process that was told of it rejects the session.
 */
export interface Sessions {
  /** A session for this token's holder, as the text of a cookie; null if they no longer hold a token. */
  open(holder: Visitor, nowMs: number): string | null;
  /** Whose session it is; null if it is not a valid session or has expired. */
  holderOf(session: string, nowMs: number): Visitor | null;
  /** Ends the session. */
  end(session: string, nowMs: number): void;
}

const claims = z.strictObject({
  name: z.string(),
  role: z.enum(ROLES),
  endsAtMs: z.number(),
  /** Distinguishes two sessions of one holder. */
  id: z.string(),
});

/** Sessions signed with keys derived from these tokens. */
export function createSessions(tokens: Pick<Tokens, 'sessionKeyOf'>): Sessions {
  const ended = new LRUCache<string, true>({ max: MAX_ENDED });

  function holderOf(session: string, nowMs: number): Visitor | null {
    const [payload = '', signature = '', ...rest] = session.split('.');
    const parsed = rest.length > 0 ? null : readClaims(payload);
    if (parsed === null || parsed.endsAtMs <= nowMs || ended.has(payload)) return null;
    const { name, role } = parsed;
    const key = tokens.sessionKeyOf({ name, role });
    if (key === null) return null;
    const actual = Buffer.from(signature, 'base64url');
    const expected = signatureOf(payload, key);
    return actual.length === expected.length && timingSafeEqual(actual, expected) ? { name, role } : null;
  }

  return {
    holderOf,
    end(session, nowMs) {
      // Otherwise somebody without a session could fill the list with made-up ones.
      if (holderOf(session, nowMs) !== null) ended.set(session.split('.')[0] ?? '', true);
    },
    open(holder, nowMs) {
      const key = tokens.sessionKeyOf(holder);
      if (key === null) return null;
      const payload = Buffer.from(
        JSON.stringify({ ...holder, endsAtMs: nowMs + SESSION_MS, id: randomUUID() }),
      ).toString('base64url');
      return `${payload}.${signatureOf(payload, key).toString('base64url')}`;
    },
  };
}

/** What an unverified session says about itself; null if it says nothing. */
function readClaims(payload: string): z.infer<typeof claims> | null {
  try {
    return claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString())).data ?? null;
  } catch {
    // Not JSON: the cookie belongs to something else.
    return null;
  }
}

function signatureOf(payload: string, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(payload).digest();
}
