import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sqliteUrl } from '../ledger/ledgers.ts';
import { sealedBooks, tamper } from '../records/journal/sealed-books.ts';
import { blocksOf } from './pages.ts';

const PAGE = 'docs/audit-trail.md';
const HEADS = '/var/lib/audit/guardrail-heads';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guardrail-every-day-'));
  const command = `#!/bin/sh\nexec "${process.execPath}" "${resolve('src/main.ts')}" "$@"\n`;
  await writeFile(join(folder, 'guardrail'), command, { mode: 0o755 });
});
afterEach(() => rm(folder, { recursive: true }));

const headsFile = () => join(folder, 'heads');

/** Runs the page's script over a ledger, with the heads in a file of this test. */
async function runScript(ledger: string): Promise<{ readonly code: number; readonly out: string }> {
  const text = await readFile(PAGE, 'utf8');
  const script =
    blocksOf({ path: PAGE, text }).find((block) => block.text.startsWith('#!/bin/sh'))?.text ?? '';
  const env = { PATH: `${folder}:${process.env['PATH']}`, GUARDRAIL_LEDGER: ledger };
  return new Promise((done) => {
    const child = execFile('sh', ['-c', script.replace(HEADS, headsFile())], { env }, (_error, out) =>
      done({ code: child.exitCode ?? -1, out }),
    );
  });
}

test('the script says nothing of intact records, and keeps their head', async () => {
  const { url, head } = await sealedBooks(await sqliteUrl());

  const days = [await runScript(url), await runScript(url)];

  expect(days).toEqual([
    { code: 0, out: '' },
    { code: 0, out: '' },
  ]);
  const kept = `${head.seal}:${head.hash}\n`;
  expect(await readFile(headsFile(), 'utf8')).toBe(kept + kept);
}, 60_000);

test('the script fails and says why if a record was changed, or a head that it kept is gone', async () => {
  const books = await sealedBooks(await sqliteUrl());
  await writeFile(headsFile(), `1:${'0'.repeat(64)}\n${books.head.seal}:${books.head.hash}\n`);

  const gone = await runScript(books.url);
  await tamper(books, "update grants set amount = 6 where id = 'g1'");
  const changed = await runScript(books.url);

  expect([gone.code, changed.code]).toEqual([1, 1]);
  expect(gone.out).toContain('head not in the chain');
  expect(changed.out).toContain('entry altered: The grant g1');
  expect((await readFile(headsFile(), 'utf8')).trim().split('\n')).toHaveLength(2);
}, 60_000);

test('the script fails with 2 if it could not find out', async () => {
  expect((await runScript('sqlite:/nowhere/ledger.db')).code).toBe(2);
}, 60_000);
