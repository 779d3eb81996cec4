import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The paths of a certificate and its key, in PEM. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate authority for tests, in its own folder. */
export interface Authority {
  /** The path of its own certificate. */
  readonly certificate: string;
  readonly folder: string;
  /** Issues a certificate for 127.0.0.1, for servers and clients; with `days` below 0 it has already expired. */
  issue(name: string, days?: number): Promise<Issued>;
  remove(): Promise<void>;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** @throws if `openssl` is missing: Node cannot create certificates itself */
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
