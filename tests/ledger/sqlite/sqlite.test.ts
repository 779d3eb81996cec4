import { readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { CompiledQuery, sql } from 'kysely';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Ledger, openLedger } from '../../../src/ledger/ledger.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { budgetsIn, insertWindow } from '../windows.ts';

async function freshPath(): Promise<string> {
  return join(await temporaryFolder(), 'ledger.db');
}

async function ledgerAt(path: string): Promise<Ledger> {
  const ledger = await openLedger(`sqlite:${path}`);
  onTestFinished(() => ledger.close());
  return ledger;
}

/** Sees of the file what has been committed. */
function openBeside(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true });
  onTestFinished(() => database.close());
  return database;
}

describe('opening a SQLite file', () => {
  test('creates its folder', async () => {
    const path = join(await temporaryFolder(), 'a', 'deep', 'folder', 'ledger.db');

    await ledgerAt(path);

    expect((await stat(path)).isFile()).toBe(true);
  });

  test('lets nobody but the owner read a file that it makes, nor what is beside it', async () => {
    const path = await freshPath();

    const ledger = await ledgerAt(path);
    await insertWindow(ledger, 'b');

    for (const file of [path, `${path}-wal`, `${path}-shm`]) {
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    }
  });

  test('lets nobody but the owner read a file that it makes where a link leads', async () => {
    const [path, elsewhere] = [await freshPath(), await freshPath()];
    await symlink(elsewhere, path);

    await ledgerAt(path);

    expect((await stat(elsewhere)).mode & 0o777).toBe(0o600);
  });

  test('leaves the mode of a file that is there as it is', async () => {
    const path = await freshPath();
    await writeFile(path, '', { mode: 0o640 });

    await ledgerAt(path);

    expect((await stat(path)).mode & 0o777).toBe(0o640);
  });

  test('keeps a ledger in memory without a file', async () => {
    const ledger = await openLedger('sqlite::memory:');
    await insertWindow(ledger, 'b');

    expect(await budgetsIn(ledger)).toEqual(['b']);
    await ledger.close();
    await expect(stat(':memory:')).rejects.toThrow(/ENOENT/);
  });

  test('uses a write-ahead log, and flushes every commit', async () => {
    const ledger = await ledgerAt(await freshPath());

    const journal = await ledger.write((db) => sql`PRAGMA journal_mode`.execute(db));
    const synchronous = await ledger.write((db) => sql`PRAGMA synchronous`.execute(db));

    expect(journal.rows).toEqual([{ journal_mode: 'wal' }]);
    expect(synchronous.rows).toEqual([{ synchronous: 2n }]);
  });

  test('rejects a file that is not a database, and leaves it alone', async () => {
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

  test('rejects a folder that cannot be created, and a path that is a folder', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');

    await expect(openLedger(`sqlite:${join(folder, 'file', 'ledger.db')}`)).rejects.toMatchObject({
      kind: 'unwritable',
      cure: expect.stringContaining('may write to'),
    });
    await expect(openLedger(`sqlite:${folder}`)).rejects.toMatchObject({ kind: 'unwritable' });
  });

  test('says so where the system makes no folders: Node’s recursive mkdir would try for ever', async () => {
    await expect(openLedger('sqlite:/proc/guardrail/ledger.db')).rejects.toMatchObject({
      kind: 'unwritable',
      message: expect.stringContaining('folder /proc/guardrail cannot be made: ENOENT'),
    });
  });
});

describe('reading from SQLite', () => {
  test('names the columns of a table to which another process adds one meanwhile', async () => {
    const path = await freshPath();
    const ledger = await ledgerAt(path);
    await insertWindow(ledger, 'b', 7n);
    const read = () => ledger.read.selectFrom('budget_windows').selectAll().execute();
    const before = await read();

    const other = new DatabaseSync(path);
    other.exec("ALTER TABLE budget_windows ADD COLUMN later TEXT NOT NULL DEFAULT 'x'");
    other.close();

    expect(await read()).toEqual(before.map((row) => ({ ...row, later: 'x' })));
  });
});

describe('writing to SQLite', () => {
  test('runs one piece of work at a time, in order', async () => {
    const ledger = await ledgerAt(await freshPath());
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

  test('commits waiting work together, up to a limit', async () => {
    const path = await freshPath();
    const ledger = await ledgerAt(path);
    const beside = openBeside(path);
    const versions = new Set<unknown>();

    await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        await insertWindow(ledger, `${i}`);
        versions.add(beside.prepare('PRAGMA data_version').get()?.['data_version']);
      }),
    );

    expect(versions.size).toBe(2);
    expect(await budgetsIn(ledger)).toHaveLength(200);
  });

  test('resolves nothing before the commit', async () => {
    const path = await freshPath();
    const ledger = await ledgerAt(path);
    const isThere = openBeside(path).prepare('SELECT 1 FROM budget_windows WHERE budget = ?');

    const seen = await Promise.all(
      ['a', 'b', 'c'].map(async (name) => {
        await insertWindow(ledger, name);
        return isThere.get(name) !== undefined;
      }),
    );

    expect(seen).toEqual([true, true, true]);
  });

  test('accepts work while a commit is under way', async () => {
    const ledger = await ledgerAt(await freshPath());
    let later: Promise<void> | undefined;

    await ledger.write(async () => {
      later = insertWindow(ledger, 'later');
      await setImmediate();
    });
    await later;

    expect(await budgetsIn(ledger)).toEqual(['later']);
  });
});

describe('a full disk', () => {
  /** Leaves room for a few small rows, and for no large one. */
  async function almostFull(): Promise<Ledger> {
    const ledger = await ledgerAt(await freshPath());
    await ledger.write(async (db) => {
      const { rows } = await sql<{ page_count: bigint }>`PRAGMA page_count`.execute(db);
      await db.executeQuery(CompiledQuery.raw(`PRAGMA max_page_count = ${(rows[0]?.page_count ?? 0n) + 2n}`));
    });
    return ledger;
  }

  const large = 'x'.repeat(100_000);

  async function makeRoom(ledger: Ledger): Promise<void> {
    await ledger.write((db) => db.executeQuery(CompiledQuery.raw('PRAGMA max_page_count = 100000')));
  }

  test('fails everything in the commit, keeps none of it, and accepts writes again once there is space', async () => {
    const ledger = await almostFull();
    const changedItsMind = ledger.write(async () => {
      throw new Error('changed its mind');
    });

    const outcomes = await Promise.allSettled([
      insertWindow(ledger, 'before'),
      changedItsMind,
      insertWindow(ledger, large),
      insertWindow(ledger, 'after'),
    ]);

    const full = { status: 'rejected', reason: { name: 'LedgerError', kind: 'full' } };
    expect(outcomes).toMatchObject([
      full,
      { status: 'rejected', reason: { message: 'changed its mind' } },
      full,
      full,
    ]);
    await makeRoom(ledger);
    await insertWindow(ledger, 'next');
    expect(await budgetsIn(ledger)).toEqual(['next']);
  });

  test('keeps nothing of work that ignores the error and goes on', async () => {
    const ledger = await almostFull();

    const stubborn = ledger.write(async (db) => {
      const row = { account: '', window_key: 'w', unit: 'bytes' };
      const insert = (budget: string) =>
        db
          .insertInto('budget_windows')
          .values({ budget, ...row })
          .execute();
      await insert(large).catch(() => undefined);
      await insert('small').catch(() => undefined);
    });

    await expect(stubborn).rejects.toMatchObject({ kind: 'full' });
    await makeRoom(ledger);
    expect(await budgetsIn(ledger)).toEqual([]);
  });
});
