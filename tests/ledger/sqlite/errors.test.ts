import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { databaseFails, type LedgerErrorKind } from '../../../src/ledger/errors.ts';
import { fromSqlite, isBusy } from '../../../src/ledger/sqlite/errors.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

/** What `work` threw. */
function thrownBy(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it went well');
}

function open(path: string, options: { readOnly?: boolean } = {}): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 0, ...options });
  onTestFinished(() => database.close());
  return database;
}

describe("SQLite's errors", () => {
  test('name a lock of another process, and what to do about it', async () => {
    const path = join(await temporaryFolder(), 'ledger.db');
    open(path).exec('BEGIN IMMEDIATE');
    const error = thrownBy(() => open(path).exec('BEGIN IMMEDIATE'));

    expect(isBusy(error)).toBe(true);
    expect(fromSqlite(error, path)).toMatchObject({
      kind: 'busy',
      message: `The ledger ${path} failed: database is locked. Another process holds the file: let it end, or give each guardrail a ledger of its own.`,
      cause: error,
    });
  });

  test('name a full disk', async () => {
    const database = open(join(await temporaryFolder(), 'ledger.db'));
    database.exec('CREATE TABLE t (x BLOB); PRAGMA max_page_count = 3');
    const error = thrownBy(() => database.exec('INSERT INTO t VALUES (zeroblob(100000))'));

    expect(fromSqlite(error, 'ledger.db')).toMatchObject({ kind: 'full' });
  });

  test('name a file that cannot be written', async () => {
    const path = join(await temporaryFolder(), 'ledger.db');
    open(path).exec('CREATE TABLE t (x TEXT)');
    const error = thrownBy(() => open(path, { readOnly: true }).exec('DELETE FROM t'));

    expect(fromSqlite(error, path)).toMatchObject({ kind: 'unwritable' });
  });

  // https://www.sqlite.org/rescode.html#primary_result_code_list, but for those that are no error: OK, ROW, DONE, NOTICE
  // and WARNING. `null` is what guardrail asked for and SQLite could not do: it says nothing of the database.
  test.each<[string, number, LedgerErrorKind | null]>([
    ['SQLITE_ERROR', 1, null],
    ['SQLITE_INTERNAL', 2, null],
    ['SQLITE_PERM', 3, 'unwritable'],
    ['SQLITE_ABORT', 4, null],
    ['SQLITE_BUSY', 5, 'busy'],
    ['SQLITE_BUSY_SNAPSHOT', 5 | (2 << 8), 'busy'],
    ['SQLITE_LOCKED', 6, null],
    ['SQLITE_NOMEM', 7, 'busy'],
    ['SQLITE_READONLY', 8, 'unwritable'],
    ['SQLITE_INTERRUPT', 9, null],
    ['SQLITE_IOERR', 10, 'unwritable'],
    ['SQLITE_CORRUPT', 11, 'not a ledger'],
    ['SQLITE_NOTFOUND', 12, null],
    ['SQLITE_FULL', 13, 'full'],
    ['SQLITE_CANTOPEN', 14, 'unwritable'],
    ['SQLITE_PROTOCOL', 15, 'busy'],
    ['SQLITE_EMPTY', 16, null],
    ['SQLITE_SCHEMA', 17, null],
    ['SQLITE_TOOBIG', 18, null],
    ['SQLITE_CONSTRAINT', 19, null],
    ['SQLITE_MISMATCH', 20, null],
    ['SQLITE_MISUSE', 21, null],
    ['SQLITE_NOLFS', 22, 'full'],
    ['SQLITE_AUTH', 23, null],
    ['SQLITE_FORMAT', 24, null],
    ['SQLITE_RANGE', 25, null],
    ['SQLITE_NOTADB', 26, 'not a ledger'],
  ])('%s (%i) is a failure of the database: %s', (name, errcode, kind) => {
    const error = fromSqlite(Object.assign(new Error(name), { errcode }), 'ledger.db');

    expect(error).toMatchObject({ kind: kind ?? 'failed' });
    expect(databaseFails(error)).toBe(kind !== null);
  });

  test.each([
    ['SQLITE_BUSY', 5, true],
    ['SQLITE_PROTOCOL', 15, true],
    ['SQLITE_NOMEM', 7, false],
    ['SQLITE_LOCKED', 6, false],
  ])('%s (%i) is due to another process: %s', (name, errcode, expected) => {
    expect(isBusy(Object.assign(new Error(name), { errcode }))).toBe(expected);
  });

  test('are not made from other errors', () => {
    const error = new Error('some other');

    expect(isBusy(error)).toBe(false);
    expect(fromSqlite(error, 'ledger.db')).toBe(error);
  });
});
