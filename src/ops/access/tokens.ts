import { createHash, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { AccessSettings } from '../../settings/access.ts';
import { ROLES, type Visitor } from './visitor.ts';

/**
 * Who holds which token. The tokens themselves are not kept: digests recognise them, and keys derived from them sign.
 */
export interface Tokens {
  /** Whose token it is, or null. Takes the same time for every token. */
  holderOf(token: string): Visitor | null;
  /** The key that signs a holder's sessions; null if they no longer hold a token. */
  sessionKeyOf(holder: Visitor): Uint8Array | null;
}

interface HeldToken {
  readonly holder: Visitor;
  readonly digest: Buffer;
  readonly sessionKey: Uint8Array;
}

const KEY_BYTES = 32;

/** Tokens by their holders' names and roles, as in the settings. */
export function createTokens(byRole: AccessSettings['tokens']): Tokens {
  const heldTokens = ROLES.flatMap((role) =>
    [...byRole[role]].map(([name, token]) => tokenHeldBy({ name, role }, token)),
  );
  return {
    holderOf(token) {
      const tokenDigest = digestOf(token);
      const matching = heldTokens.filter(({ digest }) => timingSafeEqual(digest, tokenDigest));
      return matching[0]?.holder ?? null;
    },
    sessionKeyOf({ name, role }) {
      const own = heldTokens.find(({ holder }) => holder.name === name && holder.role === role);
      return own?.sessionKey ?? null;
    },
  };
}

/** The token of an `Authorization: Bearer TOKEN` header, or null. */
export function bearerToken(authorization: string | undefined): string | null {
  return /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? null;
}

function tokenHeldBy(holder: Visitor, token: string): HeldToken {
  // Derived from the token itself: every process that has the token derives the same key, and another token gives
  // another key.
  const sessionKey = new Uint8Array(hkdfSync('sha256', token, '', 'guardrail session', KEY_BYTES));
  return { holder, digest: digestOf(token), sessionKey };
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
