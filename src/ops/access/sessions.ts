import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Tokens } from './tokens.ts';
import { ROLES, type Visitor } from './visitor.ts';

/** A working day: who comes back the next one signs in again. */
export const SESSION_MS = 12 * 3_600_000;

/**
 * Sessions of those who signed in with a token. Nothing is kept of them: what they say is signed by a key that comes of
 * the token, so that every process with that token takes them, and none does once it is changed.
 */
export interface Sessions {
  /** A session for this holder of a token, as text for a cookie; null where they hold none any more. */
  open(holder: Visitor, nowMs: number): string | null;
  /** Whose session it is; null where it is not one, or is over. */
  holderOf(session: string, nowMs: number): Visitor | null;
}

const claims = z.strictObject({ name: z.string(), role: z.enum(ROLES), endsAtMs: z.number() });

export function createSessions(tokens: Pick<Tokens, 'sessionKeyOf'>): Sessions {
  return {
    open(holder, nowMs) {
      const key = tokens.sessionKeyOf(holder);
      if (key === null) return null;
      const said = Buffer.from(JSON.stringify({ ...holder, endsAtMs: nowMs + SESSION_MS })).toString(
        'base64url',
      );
      return `${said}.${signatureOf(said, key).toString('base64url')}`;
    },
    holderOf(session, nowMs) {
      const [said = '', signature = '', ...rest] = session.split('.');
      const claimed = rest.length > 0 ? null : readClaims(said);
      if (claimed === null || claimed.endsAtMs <= nowMs) return null;
      const { name, role } = claimed;
      const key = tokens.sessionKeyOf({ name, role });
      if (key === null) return null;
      const given = Buffer.from(signature, 'base64url');
      const own = signatureOf(said, key);
      return given.length === own.length && timingSafeEqual(given, own) ? { name, role } : null;
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
