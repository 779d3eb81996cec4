import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TlsSettings } from '../../src/settings/tls.ts';
import {
  CertificateError,
  certificateFrom,
  readCertificateFiles,
  validityProblem,
} from '../../src/transport/certificate.ts';
import { type Authority, createAuthority, type Issued, openssl } from './authority.ts';

let authority: Authority;
let issued: Issued;

beforeAll(async () => {
  authority = await createAuthority();
  issued = await authority.issue('server');
});
afterAll(() => authority.remove());

async function read(files: Partial<TlsSettings>) {
  const all = { ...issued, clientCa: null, ...files };
  return certificateFrom('ops', all, await readCertificateFiles('ops', all));
}

async function problem(files: Partial<TlsSettings>): Promise<string> {
  const error = await read(files).catch((thrown: unknown) => thrown);
  if (!(error instanceof CertificateError)) throw new Error('the files were accepted', { cause: error });
  return error.message;
}

async function fileWith(name: string, text: string): Promise<string> {
  const path = join(authority.folder, name);
  await writeFile(path, text);
  return path;
}

describe('certificate files', () => {
  test('are valid until the first certificate of their chain expires', async () => {
    const old = await authority.issue('older', 1);
    const chain = await fileWith(
      'chain.crt',
      (await readFile(issued.certificate, 'utf8')) + (await readFile(old.certificate, 'utf8')),
    );

    const { expiresAtMs } = await read({ certificate: chain });

    const { validToDate } = new X509Certificate(await readFile(old.certificate));
    expect(expiresAtMs).toBe(validToDate.getTime());
  });

  test('that cannot be read are refused with setting and path', async () => {
    expect(await problem({ key: '/nowhere/tls.key' })).toMatch(
      /^ops_tls_key: \/nowhere\/tls\.key cannot be read: ENOENT/,
    );
  });

  test('whose key belongs to another certificate are rejected with both paths', async () => {
    const other = await authority.issue('other');

    expect(await problem({ key: other.key })).toBe(
      `ops_tls_key: ${other.key} is not the key of the first certificate in ${issued.certificate}`,
    );
  });

  test('with other contents are refused with what they should contain', async () => {
    expect(await problem({ certificate: issued.key })).toContain('holds no certificate in PEM');
    expect(await problem({ key: issued.certificate })).toContain('ops_tls_key');
    expect(await problem({ clientCa: issued.key })).toMatch(/^ops_tls_client_ca: .* holds no certificate/);
  });

  test('whose key has a passphrase are rejected with the reason', async () => {
    const locked = join(authority.folder, 'locked.key');
    await openssl('pkcs8', '-topk8', '-in', issued.key, '-passout', 'pass:secret', '-out', locked);

    expect(await problem({ key: locked })).toContain('without a passphrase');
  });

  test('whose certificate is cut off are rejected with the reason', async () => {
    const text = await readFile(issued.certificate, 'utf8');
    const cutOff = await fileWith('cut.crt', `${text.slice(0, 200)}\n-----END CERTIFICATE-----\n`);

    expect(await problem({ certificate: cutOff })).toContain('cannot be read');
  });

  test('with an RSA key too short for TLS are refused', async () => {
    const [certificate, key] = [join(authority.folder, 'short.crt'), join(authority.folder, 'short.key')];
    await openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:1024',
      '-nodes',
      '-keyout',
      key,
      '-out',
      certificate,
      '-subj',
      '/CN=s',
    );

    expect(await problem({ certificate, key })).toContain('is not taken by TLS');
  });
});

test('a certificate is invalid before its start, and from the instant of its expiry', async () => {
  const certificate = await read({});
  const { validFromMs, expiresAtMs } = certificate;

  expect(validityProblem(certificate, validFromMs - 1)).toContain('is not valid before');
  expect(validityProblem(certificate, validFromMs)).toBeNull();
  expect(validityProblem(certificate, expiresAtMs - 1)).toBeNull();
  expect(validityProblem(certificate, expiresAtMs)).toContain('expired at');
});
