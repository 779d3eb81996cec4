import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Paths of a certificate and its key, in PEM. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

/** A made-up certificate authority, in a folder of its own. */
export interface Authority {
  /** Path of its own certificate. */
  readonly certificate: string;
  readonly folder: string;
  /** A certificate of 127.0.0.1 for servers and clients alike. `days` below 0: expired already. */
  issue(name: string, days?: number): Promise<Issued>;
  remove(): Promise<void>;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** @throws where there is no `openssl`: Node cannot make certificates by itself */
export async function createAuthority(): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'guardrail-authority-'));
  const [certificate, ownKey] = [join(folder, 'ca.crt'), join(folder, 'ca.key')];
  await openssl('req', '-x509', ...NEW_KEY, '-keyout', ownKey, '-out', certificate, '-subj', '/CN=tests');
  const extensions = join(folder, 'extensions');
  await writeFile(extensions, 'subjectAltName=IP:127.0.0.1\nbasicConstraints=critical,CA:FALSE\n');
  return {
    certificate,
    folder,
    async issue(name, days = 2) {
      const at = (ending: string) => join(folder, `${name}.${ending}`);
      await openssl('req', ...NEW_KEY, '-keyout', at('key'), '-out', at('csr'), '-subj', `/CN=${name}`);
      const signed = ['-CA', certificate, '-CAkey', ownKey, '-CAcreateserial', '-extfile', extensions];
      await openssl('x509', '-req', '-in', at('csr'), ...signed, '-days', String(days), '-out', at('crt'));
      return { certificate: at('crt'), key: at('key') };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export async function openssl(...args: readonly string[]): Promise<void> {
  await promisify(execFile)('openssl', args).catch((error: unknown) => {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing) throw error;
    throw new Error(
      'These tests make certificates with openssl, which is not here. Install it: apt-get install openssl',
    );
  });
}
