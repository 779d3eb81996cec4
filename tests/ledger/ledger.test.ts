import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MAX_AMOUNT } from '../../src/ledger/amount.ts';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { temporaryFolder } from '../budget/builders.ts';

async function freshPath(): Promise<string> {
  return join(await temporaryFolder(), 'ledger.db');
}

async function freshLedger(): Promise<Ledger> {
  const ledger = await openLedger(`sqlite:${await freshPath()}`);
  onTestFinished(() => ledger.close());
  return ledger;
}

function insertWindow(ledger: Ledger, budget: string, used = 0n) {
  return ledger.write(async (db) => {
    await db.insertInto('budget_windows').values({ budget, window_key: 'w', unit: 'bytes', used }).execute();
  });
}

async function budgetsIn(ledger: Ledger): Promise<readonly string[]> {
  const rows = await ledger.read.selectFrom('budget_windows').select('budget').orderBy('budget').execute();
  return rows.map(({ budget }) => budget);
}

describe('opening the ledger', () => {
  test('makes its folder, and opens again with what was written', async () => {
    const path = join(await temporaryFolder(), 'a', 'deep', 'folder', 'ledger.db');
    const first = await openLedger(`sqlite:${path}`);
    await insertWindow(first, 'b', MAX_AMOUNT);
    await first.close();

    const second = await openLedger(`sqlite:${path}`);
    const rows = await second.read.selectFrom('budget_windows').selectAll().execute();
    await second.close();

    expect(rows).toEqual([{ budget: 'b', window_key: 'w', unit: 'bytes', used: MAX_AMOUNT, reserved: 0n }]);
  });

  test('keeps one in memory without a file', async () => {
    const ledger = await openLedger('sqlite::memory:');
    await insertWindow(ledger, 'b');

    expect(await budgetsIn(ledger)).toEqual(['b']);
    await ledger.close();
    await expect(stat(':memory:')).rejects.toThrow(/ENOENT/);
  });

  test('writes ahead, and flushes every commit', async () => {
    const ledger = await freshLedger();

    const journal = await ledger.write((db) => sql`PRAGMA journal_mode`.execute(db));
    const synchronous = await ledger.write((db) => sql`PRAGMA synchronous`.execute(db));

    expect(journal.rows).toEqual([{ journal_mode: 'wal' }]);
    expect(synchronous.rows).toEqual([{ synchronous: 2n }]);
  });

  test('says so of a file that is no database, and leaves it alone', async () => {
    const path = await freshPath();
    const text = 'this is a text that is long enough to be no SQLite header at all '.repeat(20);
    await writeFile(path, text);

    await expect(openLedger(`sqlite:${path}`)).rejects.toMatchObject({
      name: 'LedgerError',
      kind: 'not a ledger',
      message: expect.stringMatching(/not a database.*Name a SQLite file/),
    });
  });

  test("leaves some other program's database alone", async () => {
    const path = await freshPath();
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE theirs (x TEXT)');
    other.close();
    const before = await readFile(path);

    await expect(openLedger(`sqlite:${path}`)).rejects.toMatchObject({
      kind: 'not a ledger',
      message: expect.stringContaining('some other program'),
    });
    expect(await readFile(path)).toEqual(before);
  });

  test('says so of a folder that cannot be made, and of a path that is a folder', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');

    await expect(openLedger(`sqlite:${join(folder, 'file', 'ledger.db')}`)).rejects.toMatchObject({
      kind: 'unwritable',
      cure: expect.stringContaining('may write to'),
    });
    await expect(openLedger(`sqlite:${folder}`)).rejects.toMatchObject({ kind: 'unwritable' });
  });

  test('refuses a schema that a newer build has written, by the name of what it does not know', async () => {
    const path = await freshPath();
    await (await openLedger(`sqlite:${path}`)).close();
    const newer = new DatabaseSync(path);
    newer.exec(`INSERT INTO kysely_migration VALUES ('2099-01-01-later', '2099-01-01')`);
    newer.close();

    await expect(openLedger(`sqlite:${path}`)).rejects.toMatchObject({
      kind: 'newer schema',
      message: expect.stringMatching(/2099-01-01-later.*Run the newer guardrail/),
    });
  });

  test('does not do PostgreSQL yet, and never shows the password in an address', async () => {
    for (const url of [
      'postgres://me:secret@host/db',
      'mysql://me:secret@host/db',
      'me:secret',
      'sqlite:',
      '',
    ]) {
      const error = await openLedger(url).catch((thrown: unknown) => thrown);

      expect(error).toMatchObject({ name: 'LedgerError', kind: 'unsupported url' });
      expect(String(error)).toContain('sqlite:PATH');
      expect(String(error)).not.toContain('secret');
    }
    await expect(openLedger('postgres://host/db')).rejects.toThrow(/PostgreSQL yet/);
  });
});

describe('writing', () => {
  test('runs one piece of work at a time, in the order asked for', async () => {
    const ledger = await freshLedger();
    const seen: string[] = [];

    await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        ledger.write(async (db) => {
          seen.push(`${name} begins`);
          await db.selectFrom('budget_windows').selectAll().execute();
          seen.push(`${name} ends`);
        }),
      ),
    );

    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  test('keeps nothing of work that fails, and goes on with the next', async () => {
    const ledger = await freshLedger();
    const failing = ledger.write(async (db) => {
      await db.insertInto('budget_windows').values({ budget: 'a', window_key: 'w', unit: 'u' }).execute();
      throw new Error('changed its mind');
    });
    const next = insertWindow(ledger, 'b');

    await expect(failing).rejects.toThrow('changed its mind');
    await next;
    expect(await budgetsIn(ledger)).toEqual(['b']);
  });

  test('shows readers nothing of a transaction that has not ended', async () => {
    const ledger = await freshLedger();

    const [, seen] = await Promise.all([
      ledger.write(async (db) => {
        await db.insertInto('budget_windows').values({ budget: 'a', window_key: 'w', unit: 'u' }).execute();
        await db.deleteFrom('budget_windows').execute();
      }),
      budgetsIn(ledger),
    ]);

    expect(seen).toEqual([]);
  });

  test('refuses a balance that 64 bits do not hold, rather than round it', async () => {
    const ledger = await freshLedger();
    await insertWindow(ledger, 'b', MAX_AMOUNT);

    const more = ledger.write((db) =>
      db
        .updateTable('budget_windows')
        .set((eb) => ({ used: eb('used', '+', 1n) }))
        .execute(),
    );

    await expect(more).rejects.toMatchObject({
      name: 'LedgerError',
      message: expect.stringContaining('CHECK'),
    });
  });

  test('ends what was asked for before it closes, and takes nothing after', async () => {
    const path = await freshPath();
    const ledger = await openLedger(`sqlite:${path}`);
    const asked = ['a', 'b', 'c'].map((name) => insertWindow(ledger, name));

    await ledger.close();
    await Promise.all(asked);

    await expect(insertWindow(ledger, 'd')).rejects.toMatchObject({ kind: 'closed' });
    const again = await openLedger(`sqlite:${path}`);
    onTestFinished(() => again.close());
    expect(await budgetsIn(again)).toEqual(['a', 'b', 'c']);
  });
});
