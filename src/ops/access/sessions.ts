import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Tokens } from './tokens.ts';
import { ROLES, type Visitor } from './visitor.ts';

/** A working day: the next day means signing in again. */
export const SESSION_MS = 12 * 3_600_000;

/** Far more sessions than are signed out of in a working day. */
const MOST_ENDED = 10_000;

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
  const ended = new LRUCache<string, true>({ max: MOST_ENDED });

  function holderOf(session: string, nowMs: number): Visitor | null {
    const [said = '', signature = '', ...rest] = session.split('.');
    const claimed = rest.length > 0 ? null : readClaims(said);
    if (claimed === null || claimed.endsAtMs <= nowMs || ended.has(said)) return null;
    const { name, role } = claimed;
    const key = tokens.sessionKeyOf({ name, role });
    if (key === null) return null;
    const given = Buffer.from(signature, 'base64url');
    const own = signatureOf(said, key);
    return given.length === own.length && timingSafeEqual(given, own) ? { name, role } : null;
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
      const said = Buffer.from(
        JSON.stringify({ ...holder, endsAtMs: nowMs + SESSION_MS, id: randomUUID() }),
      ).toString('base64url');
      return `${said}.${signatureOf(said, key).toString('base64url')}`;
    },
  };
}

/** What an unverified session says about itself; null if it says nothing. */
function readClaims(said: string): z.infer<typeof claims> | null {
  try {
    return claims.safeParse(JSON.parse(Buffer.from(said, 'base64url').toString())).data ?? null;
  } catch {
    // Not JSON: the cookie belongs to something else.
    return null;
  }
}

function signatureOf(said: string, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(said).digest();
}
