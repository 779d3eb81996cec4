import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fromSqlite, isBusy } from '../../src/ledger/errors.ts';
import { temporaryFolder } from '../budget/builders.ts';

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
  test('name another process that holds the file, and what to do about it', async () => {
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

  test('are not made of errors that are none', () => {
    const error = new Error('some other');

    expect(isBusy(error)).toBe(false);
    expect(fromSqlite(error, 'ledger.db')).toBe(error);
  });
});
