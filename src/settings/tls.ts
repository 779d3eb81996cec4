import { z } from 'zod';

/** The files, in PEM, by which a listener speaks TLS. */
export interface TlsSettings {
  readonly certificate: string;
  readonly key: string;
  /** Who connects must show a certificate that one of these signed; null: nobody must show any. */
  readonly clientCa: string | null;
}

const path = z.string().min(1, 'expected the path of a file').optional();

/** The settings of TLS, as they stand in the file and the environment. */
export const tlsKeys = {
  tls_certificate: path.describe(
    'PEM file of the certificate that the proxy shows, those that signed it after it; without it, no TLS',
  ),
  tls_key: path.describe("PEM file of that certificate's private key, without a passphrase"),
  tls_client_ca: path.describe(
    "PEM file of the authorities of which one must have signed a client's certificate; without it, clients need none",
  ),
  ops_tls_certificate: path.describe("the same for the operators' port"),
  ops_tls_key: path.describe("the same for the operators' port"),
  ops_tls_client_ca: path.describe("the same for the operators' port"),
};

type TlsKeys = z.output<z.ZodObject<typeof tlsKeys>>;

/** @returns null where the proxy speaks plain HTTP */
export function tlsSettings(keys: TlsKeys): TlsSettings | null {
  return filesIn(keys.tls_certificate, keys.tls_key, keys.tls_client_ca);
}

/** @returns null where the operators' port speaks plain HTTP */
export function opsTlsSettings(keys: TlsKeys): TlsSettings | null {
  return filesIn(keys.ops_tls_certificate, keys.ops_tls_key, keys.ops_tls_client_ca);
}

function filesIn(certificate?: string, key?: string, clientCa?: string): TlsSettings | null {
  if (certificate === undefined || key === undefined) return null;
  return { certificate, key, clientCa: clientCa ?? null };
}

/** What each key by itself cannot tell: half of it would leave a listener in the clear that was meant to be closed. */
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
