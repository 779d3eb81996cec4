import type { Certificates, OAuth2Client } from 'google-auth-library';
import { HOUR_MS } from '../../foundation/calendar/durations.ts';
import { addressOf } from './identity.ts';

const ISSUER = 'https://cloud.google.com/iap';

/** Google changes its keys from time to time, and publishes new ones before it signs with them. */
const KEYS_LAST_MS = HOUR_MS;

/**
 * An assertion that cannot be verified may be signed with a newer key; newer keys are fetched no more often than this.
 */
const KEYS_REST_MS = 60_000;

/**
 * Verifies Identity-Aware Proxy's signed assertion with Google's own library.
 * @returns the address in lower case; null if the assertion is not signed by Google, is for another audience, or has
 * expired
 * @throws if Google's keys cannot be fetched
 */
export type IapVerifier = (assertion: string) => Promise<string | null>;

interface Keys {
  readonly atMs: number;
  readonly byId: Promise<Certificates>;
}

/**
 * @param audience such as `/projects/NUMBER/global/backendServices/ID`
 * @param keysUrl where the public keys are; by default Google's own URL
 * @see https://cloud.google.com/iap/docs/signed-headers-howto
 */
export function createIapVerifier(audience: string, keysUrl?: string): IapVerifier {
  const loading = clientOf(keysUrl);
  let keys: Keys | null = null;

  function fetchKeys(): Keys {
    // The library types certificates as any object; they are PEM texts by key ID.
    const byId = loading
      .then((client) => client.getIapPublicKeys())
      .then(({ pubkeys }) => pubkeys as Certificates);
    const fetched = { atMs: Date.now(), byId };
    byId.catch(() => {
      if (keys === fetched) keys = null;
    });
    return fetched;
  }

  function keysNotOlderThan(ms: number): Keys {
    if (keys === null || Date.now() - keys.atMs > ms) keys = fetchKeys();
    return keys;
  }

  async function addressBy(assertion: string, { byId }: Keys): Promise<string | null> {
    const [client, known] = [await loading, await byId];
    try {
      const ticket = await client.verifySignedJwtWithCertsAsync(assertion, known, audience, [ISSUER]);
      return addressOf(ticket.getPayload()?.email ?? '');
    } catch {
      // The library's error quotes the assertion, so nobody gets to see it.
      return null;
    }
  }

  return async (assertion) => {
    const first = keysNotOlderThan(KEYS_LAST_MS);
    const address = await addressBy(assertion, first);
    if (address !== null) return address;
    const newer = keysNotOlderThan(KEYS_REST_MS);
    return newer === first ? null : addressBy(assertion, newer);
  };
}

/** Loaded only if there is such a proxy. */
async function clientOf(keysUrl: string | undefined): Promise<OAuth2Client> {
  const { OAuth2Client } = await import('google-auth-library');
  return new OAuth2Client(keysUrl === undefined ? {} : { endpoints: { oauth2IapPublicKeyUrl: keysUrl } });
}
