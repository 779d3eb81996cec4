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

/** A watch on its own files, which hold the first certificate. @returns the files, the events so far and the watch */
async function watched(handlers: Partial<CertificateEvents> = {}) {
  files += 1;
  const shown = {
    certificate: join(authority.folder, `shown-${files}.crt`),
    key: join(authority.folder, `shown-${files}.key`),
    clientCa: null,
  };
  await show(shown, first);
  const events: string[] = [];
  const watch = await watchCertificate('proxy', shown, { ...recordingTo(events), ...handlers }, 20);
  onTestFinished(watch.close);
  return { shown, events, watch };
}

function recordingTo(events: string[]): CertificateEvents {
  return {
    onRenewed: () => void events.push('renewed'),
    onRejected: (problem) => void events.push(problem),
    onError: (error) => void events.push(String(error)),
  };
}

function breaks(): never {
  throw new Error('the log is full');
}

async function show(shown: Issued, issued: Issued): Promise<void> {
  await copyFile(issued.certificate, shown.certificate);
  await copyFile(issued.key, shown.key);
}

/** A follower, as a listener is, of renewed certificates. @returns their keys so far */
function follower(watch: CertificateWatch): string[] {
  const keys: string[] = [];
  watch.onRenewed(({ key }) => void keys.push(key));
  return keys;
}

test('a renewed certificate is passed to its followers once both certificate and key are there', async () => {
  const { shown, events, watch } = await watched();
  const before = watch.current();
  const followed = follower(watch);

  await show(shown, second);

  await vi.waitFor(() => expect(events).toContain('renewed'));
  expect(events).toEqual(['renewed']);
  expect(watch.current().key).not.toBe(before.key);
  expect(followed).toEqual([watch.current().key]);
});

test('a key that does not match is rejected once, and the previous certificate stays', async () => {
  const { shown, events, watch } = await watched();
  const before = watch.current();

  await copyFile(second.key, shown.key);

  await vi.waitFor(() => expect(events).toHaveLength(1));
  expect(events[0]).toContain('is not the key of the first certificate');
  expect(watch.current()).toBe(before);

  await show(shown, second);
  await vi.waitFor(() => expect(events.slice(1)).toEqual(['renewed']));
});

test('a missing file is rejected, and loaded when it is back', async () => {
  const { shown, events, watch } = await watched();
  const before = watch.current();

  await rm(shown.certificate);
  await vi.waitFor(() => expect(events).toEqual([expect.stringContaining('cannot be read')]));
  expect(watch.current()).toBe(before);

  await show(shown, first);
  await vi.waitFor(() => expect(events.slice(1)).toEqual(['renewed']));
});

test('a renewed certificate that has already expired is rejected', async () => {
  const { shown, events, watch } = await watched();
  const before = watch.current();

  await show(shown, await authority.issue('expired', -1));

  await vi.waitFor(() => expect(events).toEqual([expect.stringMatching(/the certificate in .* expired at/)]));
  expect(watch.current()).toBe(before);
});

test('an error in onRenewed is reported; the new certificate is still used, and the next one is found', async () => {
  const { shown, events, watch } = await watched({ onRenewed: breaks });
  const followed = follower(watch);

  await show(shown, second);
  await vi.waitFor(() => expect(events).toEqual(['Error: the log is full']));
  const between = watch.current();
  await show(shown, first);

  await vi.waitFor(() => expect(events).toHaveLength(2));
  expect(followed).toEqual([between.key, watch.current().key]);
});

test('an error in onRejected is reported, and the next certificate is found', async () => {
  const { shown, events } = await watched({ onRejected: breaks });

  await rm(shown.certificate);
  await vi.waitFor(() => expect(events).toEqual(['Error: the log is full']));
  await show(shown, second);

  await vi.waitFor(() => expect(events.slice(1)).toEqual(['renewed']));
});

test('an expired certificate is still used at the start', async () => {
  const expired = { ...(await authority.issue('old', -1)), clientCa: null };

  const watch = await watchCertificate('proxy', expired, recordingTo([]));
  onTestFinished(watch.close);

  expect(watch.current().expiresAtMs).toBeLessThan(Date.now());
});

test('a folder swapped by a link, as mounted secrets are, has its new certificate loaded', async () => {
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
  const events: string[] = [];
  const watch = await watchCertificate('proxy', files, recordingTo(events), 20);
  onTestFinished(watch.close);
  const before = watch.current();

  await lay('new-data', second);

  await vi.waitFor(() => expect(events).toEqual(['renewed']));
  expect(watch.current().cert).not.toBe(before.cert);
});
