import { copyFile, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

let folders = 0;

/** A watch on files of its own, which hold the first certificate. @returns the files, the events so far and the watch */
async function watched(handlers: Partial<CertificateEvents> = {}, compareEveryMs = 20) {
  folders += 1;
  const folder = join(authority.folder, `shown-${folders}`);
  const shown = { certificate: join(folder, 'tls.crt'), key: join(folder, 'tls.key'), clientCa: null };
  await show(shown, first);
  const events: string[] = [];
  const watch = await watchCertificate(
    'proxy',
    shown,
    { ...recordingTo(events), ...handlers },
    compareEveryMs,
  );
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

/** Swaps the folder of the files by a link, as mounted secrets are: no look finds one file without the other. */
async function show(shown: Issued, issued: Issued): Promise<void> {
  folders += 1;
  const [folder, next] = [dirname(shown.certificate), join(authority.folder, `issued-${folders}`)];
  await mkdir(next);
  await copy(issued, { certificate: join(next, 'tls.crt'), key: join(next, 'tls.key') });
  await symlink(next, `${next}-link`);
  await rename(`${next}-link`, folder);
}

async function copy(issued: Issued, to: Issued): Promise<void> {
  await copyFile(issued.certificate, to.certificate);
  await copyFile(issued.key, to.key);
}

/** A follower, as a listener is, of renewed certificates. @returns their keys so far */
function follower(watch: CertificateWatch): string[] {
  const keys: string[] = [];
  watch.onRenewed(({ key }) => void keys.push(key));
  return keys;
}

test('a renewed certificate is passed to its followers', async () => {
  const { shown, events, watch } = await watched();
  const before = watch.current();
  const followed = follower(watch);

  await show(shown, second);

  await vi.waitFor(() => expect(events).toEqual(['renewed']));
  expect(watch.current().key).not.toBe(before.key);
  expect(followed).toEqual([watch.current().key]);
});

test('a certificate and a key that are written one after the other are taken together', async () => {
  const { shown, events } = await watched({}, 300);

  await copy(second, shown);

  await vi.waitFor(() => expect(events).toEqual(['renewed']), { timeout: 5_000 });
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

test('a renewed certificate that is not valid yet is rejected once, and shown when it is valid', async () => {
  const { shown, events, watch } = await watched();
  const before = watch.current();
  const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
  onTestFinished(() => clock.mockRestore());

  await show(shown, second);
  await vi.waitFor(() => expect(events).toEqual([expect.stringMatching(/is not valid before/)]));
  const whileRejected = watch.current();
  clock.mockRestore();

  await vi.waitFor(() => expect(events.slice(1)).toEqual(['renewed']));
  expect(whileRejected).toBe(before);
  expect(watch.current()).not.toBe(before);
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
