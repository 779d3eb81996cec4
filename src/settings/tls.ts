import { z } from 'zod';

/** The PEM files with which a listener speaks TLS. */
export interface TlsSettings {
  readonly certificate: string;
  readonly key: string;
  /** Clients must show a certificate signed by one of these; null: clients need none. */
  readonly clientCa: string | null;
}

const path = z.string().min(1, 'expected the path of a file').optional();

/** The TLS settings, as in the file and the environment. */
export const tlsKeys = {
  tls_certificate: path.describe(
    "PEM file of the proxy's certificate, followed by those that signed it; without it, no TLS",
  ),
  tls_key: path.describe("PEM file of that certificate's private key, without a passphrase"),
  tls_client_ca: path.describe(
    'PEM file of authorities, one of which must have signed each client certificate; without it, clients need none',
  ),
  ops_tls_certificate: path.describe("the same for the operators' port"),
  ops_tls_key: path.describe("the same for the operators' port"),
  ops_tls_client_ca: path.describe("the same for the operators' port"),
};

type TlsKeys = z.output<z.ZodObject<typeof tlsKeys>>;

/** @returns null if the proxy speaks plain HTTP */
export function tlsSettings(keys: TlsKeys): TlsSettings | null {
  return filesIn(keys.tls_certificate, keys.tls_key, keys.tls_client_ca);
}

/** @returns null if the operators' port speaks plain HTTP */
export function opsTlsSettings(keys: TlsKeys): TlsSettings | null {
  return filesIn(keys.ops_tls_certificate, keys.ops_tls_key, keys.ops_tls_client_ca);
}

function filesIn(
  certificate: string | undefined,
  key: string | undefined,
  clientCa: string | undefined,
): TlsSettings | null {
  if (certificate === undefined || key === undefined) return null;
  return { certificate, key, clientCa: clientCa ?? null };
}

/**
 * What no key shows by itself: with half of the settings, a listener that was meant to be secure would speak plain
 * HTTP.
 */
export function tlsProblems(keys: TlsKeys): readonly string[] {
  return (['', 'ops_'] as const).flatMap((prefix) => {
    const isGiven = (key: 'tls_certificate' | 'tls_key' | 'tls_client_ca') =>
      keys[`${prefix}${key}`] !== undefined;
    const wanted = (['tls_certificate', 'tls_key', 'tls_client_ca'] as const).find(isGiven);
    if (wanted === undefined) return [];
    return (['tls_certificate', 'tls_key'] as const)
      .filter((key) => !isGiven(key))
      .map((key) => `${prefix}${key}: expected the path of a file, since ${prefix}${wanted} is given`);
  });
}
