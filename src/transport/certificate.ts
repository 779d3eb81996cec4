import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { errorMessage } from '../foundation/text/error-message.ts';
import type { TlsSettings } from '../settings/tls.ts';

/** The listener: a label in metrics, and a word in the log. */
export type Listener = 'proxy' | 'ops';

/** A certificate that matches its key, as PEM texts. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** Null if clients need none. */
  readonly clientCa: string | null;
  /** The time in which everything that is shown is valid: the certificate and those that signed it. */
  readonly validFromMs: number;
  readonly expiresAtMs: number;
}

/** The content of a certificate's files, whatever it is. */
export type CertificateTexts = Pick<Certificate, 'cert' | 'key' | 'clientCa'>;

/** Files that cannot be used for TLS; the message names the setting, the file and what is wrong with it. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** @throws CertificateError if a file cannot be read */
export async function readCertificateFiles(
  listener: Listener,
  files: TlsSettings,
): Promise<CertificateTexts> {
  const names = settingNames(listener);
  return {
    cert: await textOf(names.certificate, files.certificate),
    key: await textOf(names.key, files.key),
    clientCa: files.clientCa === null ? null : await textOf(names.clientCa, files.clientCa),
  };
}

async function textOf(setting: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new CertificateError(`${setting}: ${path} cannot be read: ${errorMessage(cause)}`, { cause });
  }
}

/** @throws CertificateError if together they cannot be used for TLS */
export function certificateFrom(
  listener: Listener,
  files: TlsSettings,
  texts: CertificateTexts,
): Certificate {
  const names = settingNames(listener);
  const [own, ...signers] = certificatesIn(names.certificate, files.certificate, texts.cert);
  const key = privateKeyIn(names.key, files.key, texts.key);
  if (texts.clientCa !== null) certificatesIn(names.clientCa, files.clientCa ?? '', texts.clientCa);
  if (!own.checkPrivateKey(key)) {
    throw new CertificateError(
      `${names.key}: ${files.key} is not the key of the first certificate in ${files.certificate}`,
    );
  }
  checkTlsAccepts(names.certificate, files.certificate, texts);
  const chain = [own, ...signers];
  return {
    ...texts,
    validFromMs: Math.max(...chain.map(({ validFromDate }) => validFromDate.getTime())),
    expiresAtMs: Math.min(...chain.map(({ validToDate }) => validToDate.getTime())),
  };
}

/** Why clients would reject it at this instant; null if they would not. */
export function validityProblem({ validFromMs, expiresAtMs }: Certificate, nowMs: number): string | null {
  if (nowMs >= expiresAtMs) return `expired at ${new Date(expiresAtMs).toISOString()}`;
  if (nowMs < validFromMs) return `is not valid before ${new Date(validFromMs).toISOString()}`;
  return null;
}

function settingNames(listener: Listener): Readonly<Record<keyof TlsSettings, string>> {
  const prefix = listener === 'ops' ? 'ops_' : '';
  return {
    certificate: `${prefix}tls_certificate`,
    key: `${prefix}tls_key`,
    clientCa: `${prefix}tls_client_ca`,
  };
}

function certificatesIn(
  setting: string,
  path: string,
  text: string,
): readonly [X509Certificate, ...X509Certificate[]] {
  const [first, ...rest] = text.match(PEM_CERTIFICATE) ?? [];
  if (first === undefined) {
    throw new CertificateError(`${setting}: ${path} holds no certificate in PEM (BEGIN CERTIFICATE)`);
  }
  try {
    return [new X509Certificate(first), ...rest.map((each) => new X509Certificate(each))];
  } catch (cause) {
    throw new CertificateError(
      `${setting}: a certificate in ${path} cannot be read: ${errorMessage(cause)}`,
      { cause },
    );
  }
}

function privateKeyIn(setting: string, path: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw new CertificateError(
      `${setting}: ${path} holds no private key in PEM that can be read without a passphrase: ${errorMessage(cause)}`,
      { cause },
    );
  }
}

/** OpenSSL explains some errors in more words, such as keys that are too short. */
function checkTlsAccepts(setting: string, path: string, { cert, key, clientCa }: CertificateTexts): void {
  try {
    createSecureContext({ cert, key, ...(clientCa === null ? {} : { ca: clientCa }) });
  } catch (cause) {
    throw new CertificateError(`${setting}: ${path} is not taken by TLS: ${errorMessage(cause)}`, { cause });
  }
}
