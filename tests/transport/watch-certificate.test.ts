import { copyFile, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import {
  type CertificateEvents,
  type CertificateWatch,
  watchCertificate,
} from '../../src/transport/watch-certificate.ts';
import { type Authority, createAuthority, type Issued } from './authority.ts';

let authority: Authority;
let first: Issued;
let second: Issued;

beforeAll(async () => {
  authority = await createAuthority();
  first = await authority.issue('first');
  second = await authority.issue('second');
});
afterAll(() => authority.remove());

let files = 0;

/** A watch on files of its own, which hold the first certificate; and what it told. */
async function watched(events: Partial<CertificateEvents> = {}) {
  files += 1;
  const shown = {
    certificate: join(authority.folder, `shown-${files}.crt`),
    key: join(authority.folder, `shown-${files}.key`),
    clientCa: null,
  };
  await show(shown, first);
  const told: string[] = [];
  const watch = await watchCertificate('proxy', shown, { ...tellingTo(told), ...events }, 20);
  onTestFinished(watch.close);
  return { shown, told, watch };
}

function tellingTo(told: string[]): CertificateEvents {
  return {
    onRenewed: () => void told.push('renewed'),
    onRejected: (problem) => void told.push(problem),
    onError: (error) => void told.push(String(error)),
  };
}

function breaks(): never {
  throw new Error('the log is full');
}

async function show(shown: Issued, issued: Issued): Promise<void> {
  await copyFile(issued.certificate, shown.certificate);
  await copyFile(issued.key, shown.key);
}

/** Whoever shows the certificate is told of each that is to be shown. */
function follower(watch: CertificateWatch): string[] {
  const keys: string[] = [];
  watch.onRenewed(({ key }) => void keys.push(key));
  return keys;
}

test('a renewed certificate is handed to those who show it, once certificate and key are both there', async () => {
  const { shown, told, watch } = await watched();
  const before = watch.current();
  const followed = follower(watch);

  await show(shown, second);

  await vi.waitFor(() => expect(told).toContain('renewed'));
  expect(told).toEqual(['renewed']);
  expect(watch.current().key).not.toBe(before.key);
  expect(followed).toEqual([watch.current().key]);
});

test('a key that does not fit is refused, once, and the certificate before it stays', async () => {
  const { shown, told, watch } = await watched();
  const before = watch.current();

  await copyFile(second.key, shown.key);

  await vi.waitFor(() => expect(told).toHaveLength(1));
  expect(told[0]).toContain('is not the key of the first certificate');
  expect(watch.current()).toBe(before);

  await show(shown, second);
  await vi.waitFor(() => expect(told.slice(1)).toEqual(['renewed']));
});

test('a file that is gone is refused, and taken back when it is there again', async () => {
  const { shown, told, watch } = await watched();
  const before = watch.current();

  await rm(shown.certificate);
  await vi.waitFor(() => expect(told).toEqual([expect.stringContaining('cannot be read')]));
  expect(watch.current()).toBe(before);

  await show(shown, first);
  await vi.waitFor(() => expect(told.slice(1)).toEqual(['renewed']));
});

test('a renewed certificate that has expired already is refused', async () => {
  const { shown, told, watch } = await watched();
  const before = watch.current();

  await show(shown, await authority.issue('expired', -1));

  await vi.waitFor(() => expect(told).toEqual([expect.stringMatching(/the certificate in .* expired at/)]));
  expect(watch.current()).toBe(before);
});

test('who is told of a renewed certificate breaks: that is told, it is shown, and the next one is found', async () => {
  const { shown, told, watch } = await watched({ onRenewed: breaks });
  const followed = follower(watch);

  await show(shown, second);
  await vi.waitFor(() => expect(told).toEqual(['Error: the log is full']));
  const between = watch.current();
  await show(shown, first);

  await vi.waitFor(() => expect(told).toHaveLength(2));
  expect(followed).toEqual([between.key, watch.current().key]);
});

test('who is told of a refusal breaks: that is told, and the next certificate is found', async () => {
  const { shown, told } = await watched({ onRejected: breaks });

  await rm(shown.certificate);
  await vi.waitFor(() => expect(told).toEqual(['Error: the log is full']));
  await show(shown, second);

  await vi.waitFor(() => expect(told.slice(1)).toEqual(['renewed']));
});

test('one that starts with an expired certificate shows it: who looks after it is told otherwise', async () => {
  const expired = { ...(await authority.issue('old', -1)), clientCa: null };

  const watch = await watchCertificate('proxy', expired, tellingTo([]));
  onTestFinished(watch.close);

  expect(watch.current().expiresAtMs).toBeLessThan(Date.now());
});

test('a folder that is swapped by a link, as mounted secrets are, shows its new certificate', async () => {
  const linked = join(authority.folder, 'linked');
  const lay = async (name: string, issued: Issued) => {
    const folder = join(authority.folder, name);
    await mkdir(folder);
    await show({ certificate: join(folder, 'tls.crt'), key: join(folder, 'tls.key') }, issued);
    await symlink(folder, `${linked}-${name}`);
    await rename(`${linked}-${name}`, linked);
  };
  await lay('old-data', first);
  const files = { certificate: join(linked, 'tls.crt'), key: join(linked, 'tls.key'), clientCa: null };
  const told: string[] = [];
  const watch = await watchCertificate('proxy', files, tellingTo(told), 20);
  onTestFinished(watch.close);
  const before = watch.current();

  await lay('new-data', second);

  await vi.waitFor(() => expect(told).toEqual(['renewed']));
  expect(watch.current().cert).not.toBe(before.cert);
});
