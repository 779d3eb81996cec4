import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { AccessSettings } from '../../settings/access.ts';
import type { IapVerifier } from './iap.ts';
import { addressIn } from './identity.ts';
import type { Proxies } from './proxies.ts';

const ASSERTION = 'x-goog-iap-jwt-assertion';

/** The e-mail address that a proxy vouches for; null if none does. */
type AddressLookup = (request: IncomingMessage) => Promise<string | null>;

/** Taken from Identity-Aware Proxy's assertion if that is configured, or else from a trusted proxy's header. */
export function createAddressLookup(
  { identityHeader }: Pick<AccessSettings, 'identityHeader'>,
  proxies: Proxies,
  verifyIap: IapVerifier | null,
  log: Logger,
): AddressLookup {
  if (verifyIap !== null) return (request) => assertedAddress(request, verifyIap, log);
  return async (request) =>
    identityHeader !== null && proxies.isSenderOf(request) ? addressIn(request, identityHeader) : null;
}

async function assertedAddress(
  { headersDistinct }: IncomingMessage,
  verify: IapVerifier,
  log: Logger,
): Promise<string | null> {
  const assertions = headersDistinct[ASSERTION] ?? [];
  if (assertions.length !== 1) return null;
  try {
    return await verify(assertions[0] ?? '');
  } catch (error) {
    log.error({ err: error }, "Google's keys could not be had, so nobody is known by Identity-Aware Proxy");
    return null;
  }
}
