import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sqliteUrl } from '../../ledger/ledgers.ts';
import { sealedBooks, tamper } from '../../records/journal/sealed-books.ts';

const main = join(import.meta.dirname, '..', '..', '..', 'src', 'main.ts');

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

function verify(url: string, ...flags: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const args = [main, 'records', 'verify', '--ledger', url, ...flags];
    const child = execFile(process.execPath, args, (_error, out, errors) => {
      resolve({ code: child.exitCode ?? -1, out, errors });
    });
  });
}

describe('guardrail records verify', { timeout: 60_000 }, () => {
  test('exits with 0 for intact books, and prints their head', async () => {
    const { url, head } = await sealedBooks(await sqliteUrl());

    const { code, out } = await verify(url, '--expect-head', `${head.seal}:${head.hash}`);

    expect(code).toBe(0);
    expect(out).toContain(`Head ${head.seal}:${head.hash}, sealed `);
    expect(out).toMatch(/^Intact: 15 entries, 1 of them not sealed yet, and 0 pruned, in /m);
  });

  test('exits with 1 for books that are not intact, and prints the findings as text or JSON', async () => {
    const books = await sealedBooks(await sqliteUrl());
    await tamper(books, "update grants set amount = 6 where id = 'g1'");

    const text = await verify(books.url);
    const json = await verify(books.url, '--format', 'json');

    expect([text.code, json.code]).toEqual([1, 1]);
    expect(text.out).toContain('entry altered: The grant g1 is not what was entered');
    expect(JSON.parse(json.out)).toMatchObject({
      intact: false,
      head: { seal: 3, hash: books.head.hash },
      found: 1,
      findings: [{ finding: 'entry altered', kind: 'grant', id: 'g1' }],
    });
  });

  test('exits with 1 if a head kept elsewhere is not in the chain', async () => {
    const { url } = await sealedBooks(await sqliteUrl());

    const { code, out } = await verify(url, '--expect-head', `9:${'0'.repeat(64)}`);

    expect(code).toBe(1);
    expect(out).toContain('The chain ends before seal 9');
  });

  test('exits with 2 if it cannot tell: no ledger, or not a ledger of records', async () => {
    const url = await sqliteUrl();
    const path = url.slice('sqlite:'.length);

    const missing = await verify(url);
    const made = await stat(path).catch(() => null);
    const empty = await verify('sqlite::memory:');
    const wrong = await verify(url, '--expect-head', 'latest');

    expect(missing).toMatchObject({ code: 2, out: '' });
    expect(missing.errors).toContain(`There is no ledger at ${path}`);
    expect(made).toBeNull();
    expect(empty.code).toBe(2);
    expect(wrong.code).toBe(2);
    expect(wrong.errors).toContain('a head is written SEAL:HASH');
  });
});
