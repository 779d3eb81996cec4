import { hash } from 'node:crypto';
import { inspect } from 'node:util';

/** What a caller presented to prove who they are. Printing or serialising it never shows the secret. */
export interface Credential {
  readonly kind: 'bearer' | 'other' | 'none';
  /** The bearer token; null if there is none. */
  readonly token: string | null;
  /** SHA-256 of the header, hex: equal for equal credentials, and safe to keep. */
  readonly key: string;
}

const BEARER = /^Bearer +(\S+) *$/i;

function kindOf(authorization: string | undefined, token: string | null): Credential['kind'] {
  if (authorization === undefined) return 'none';
  return token === null ? 'other' : 'bearer';
}

/** The credential in an `Authorization` header. Only the warehouse can say whether it is valid. */
export function credentialOf(authorization: string | undefined): Credential {
  const token = authorization === undefined ? null : (BEARER.exec(authorization)?.[1] ?? null);
  const kind = kindOf(authorization, token);
  const key = hash('sha256', authorization ?? '');
  const shown = { kind, key };
  return Object.defineProperties(
    { kind, token, key },
    {
      token: { enumerable: false, value: token },
      toJSON: { enumerable: false, value: () => shown },
      [inspect.custom]: { enumerable: false, value: () => shown },
    },
  );
}
