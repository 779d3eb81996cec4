import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Tokens } from './tokens.ts';
import { ROLES, type Visitor } from './visitor.ts';

/** A working day: who comes back the next one signs in again. */
export const SESSION_MS = 12 * 3_600_000;

/** Far more than people sign out of in a working day. */
const MOST_ENDED = 10_000;

/**
 * Sessions of those who signed in with a token. Nothing is kept of them: what they say is signed by a key that comes of
 * the token, so that every process with that token takes them, and none does once it is changed. A session that was
 * signed out of is no longer taken by the process that was told so.
 */
export interface Sessions {
  /** A session for this holder of a token, as text for a cookie; null where they hold none any more. */
  open(holder: Visitor, nowMs: number): string | null;
  /** Whose session it is; null where it is not one, or is over. */
  holderOf(session: string, nowMs: number): Visitor | null;
  /** From now on it is nobody's. */
  end(session: string, nowMs: number): void;
}

const claims = z.strictObject({
  name: z.string(),
  role: z.enum(ROLES),
  endsAtMs: z.number(),
  /** Tells two sessions of one holder apart. */
  id: z.string(),
});

/** Sessions that are signed by keys of these tokens. */
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
      // Whoever has no session could fill the list with others.
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

/** What an unproven session says of itself; null where it says nothing. */
function readClaims(said: string): z.infer<typeof claims> | null {
  try {
    return claims.safeParse(JSON.parse(Buffer.from(said, 'base64url').toString())).data ?? null;
  } catch {
    // No JSON: a cookie of something else.
    return null;
  }
}

function signatureOf(said: string, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(said).digest();
}
