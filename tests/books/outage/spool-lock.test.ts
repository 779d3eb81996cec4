import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSpool } from '../../../src/books/outage/spool.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** Starting a process may take long on a busy machine; no test here depends on how long. */
const PATIENCE_MS = 60_000;

/** Another process that holds the spool, with one entry in it. */
async function processWith(path: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'spool-process.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

const inUse = {
  name: 'SpoolError',
  kind: 'in use',
  message: expect.stringContaining('GUARDRAIL_LEDGER_SPOOL'),
};

test('a spool held by another process is refused, and opens as soon as that process is killed', {
  timeout: PATIENCE_MS,
}, async () => {
  const path = join(await temporaryFolder(), 'spool.jsonl');
  const child = await processWith(path);

  await expect(openSpool(path)).rejects.toMatchObject(inUse);

  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  const spool = await openSpool(path);
  onTestFinished(() => spool.close());
  expect([spool.size, spool.holds('before')]).toEqual([1, true]);
});

test('a spool opens only once within a process, until it is closed', async () => {
  const path = join(await temporaryFolder(), 'spool.jsonl');
  const first = await openSpool(path);

  await expect(openSpool(path)).rejects.toMatchObject(inUse);

  first.close();
  const second = await openSpool(path);
  second.close();
});

test('processes with separate spools do not hinder each other', async () => {
  const folder = await temporaryFolder();

  const spools = await Promise.all(['1', '2'].map((name) => openSpool(join(folder, `spool-${name}.jsonl`))));

  for (const spool of spools) spool.close();
  expect(spools.map(({ size }) => size)).toEqual([0, 0]);
});

test.each([
  ['a file is in its place', async () => join(await emptyFile(), 'spool.jsonl')],
  ['the system makes no folders', async () => '/proc/guardrail/spool.jsonl'],
])('a folder that cannot be made because %s is reported with the setting that names it', async (_, path) => {
  await expect(openSpool(await path())).rejects.toMatchObject({
    name: 'SpoolError',
    kind: 'unwritable',
    message: expect.stringContaining('GUARDRAIL_LEDGER_SPOOL'),
  });
});

async function emptyFile(): Promise<string> {
  const path = join(await temporaryFolder(), 'file');
  await writeFile(path, '');
  return path;
}
