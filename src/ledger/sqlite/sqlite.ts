import { closeSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { Kysely, sql } from 'kysely';
import { makeFolders } from '../../foundation/files/make-folders.ts';
import { errorMessage } from '../../foundation/text/error-message.ts';
import { LedgerError } from '../errors.ts';
import { MIGRATION_TABLE } from '../migrate.ts';
import type { LedgerSchema } from '../schema.ts';
import { IN_MEMORY } from './address.ts';
import { fromSqlite, isBusy } from './errors.ts';
import { NodeSqliteDialect } from './node-sqlite.ts';

/** How long a statement waits, while the ledger is opened, for another process that writes to the same file. */
const BUSY_TIMEOUT_MS = 5_000;

/** How long a statement may block the thread after that: another process's commit is mostly over by then. */
const COMMIT_MS = 10;

const RETRY_MS = 5;

/**
 * A SQLite database as the ledger needs it; its folder is created if necessary, and its file for its owner alone. A write
 * is on the disk before it is acknowledged: a write-ahead log with `synchronous=FULL` survives a killed process as well as
 * a crashed machine.
 * @see https://www.sqlite.org/pragma.html#pragma_synchronous
 * @throws LedgerError if the path cannot be written, or holds something else
 */
export async function openSqlite(path: string): Promise<Kysely<LedgerSchema>> {
  if (path !== IN_MEMORY) {
    await makeFolder(dirname(path));
    makePrivateFile(path);
  }
  const database = openFile(path);
  try {
    refuseForeign(database, path);
    await useWriteAheadLog(database);
    database.exec('PRAGMA synchronous = FULL');
  } catch (error) {
    database.close();
    throw fromSqlite(error, path);
  }
  return new Kysely<LedgerSchema>({ dialect: new NodeSqliteDialect(database, path) });
}

/** From now on, no statement waits for another process, except for about as long as a commit takes. */
export async function shortenBusyTimeout(db: Kysely<LedgerSchema>): Promise<void> {
  await sql`pragma busy_timeout = ${sql.lit(COMMIT_MS)}`.execute(db);
}

/**
 * Checks that the file stays where it is. SQLite goes on with a file that was deleted or moved, and what is written
 * then is lost with the process.
 * @returns a function that throws a LedgerError if the path now leads to another file, or to none
 */
export function watchFile(path: string): () => void {
  if (path === IN_MEMORY) return () => undefined;
  const opened = fileAt(path);
  return () => {
    const found = fileAt(path);
    if (found === opened) return;
    throw new LedgerError(
      'unwritable',
      `The ledger ${path} ${found === null ? 'is not there any more' : 'is not the file that was opened'}.`,
      'Put the file back where it was, and guardrail continues; to use another file, restart guardrail.',
    );
  };
}

/** Identifies the file, whatever its name; null if there is none. Asked synchronously, as SQLite reads its pages. */
function fileAt(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    // Gone, or in a folder that cannot be read: either way it could not be opened again.
    return null;
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await makeFolders(folder);
  } catch (error) {
    throw new LedgerError(
      'unwritable',
      `The ledger's folder ${folder} cannot be made: ${errorMessage(error)}.`,
      'Name a file in a folder that the user that runs guardrail may write to.',
      { cause: error },
    );
  }
}

/**
 * SQLite would let everybody read who queried what; it gives the mode of the file to those that it makes beside it. All at
 * once, and only where there is no file yet: to close a file takes the locks away that this process has on it.
 */
function makePrivateFile(path: string): void {
  if (fileAt(path) !== null) return;
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch {
    // SQLite says why when it opens it.
  }
}

function openFile(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  } catch (error) {
    throw fromSqlite(error, path);
  }
}

/** Another program's database is left exactly as it is. */
function refuseForeign(database: DatabaseSync, path: string): void {
  const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all();
  if (tables.length === 0 || tables.some(({ name }) => name === MIGRATION_TABLE)) return;
  throw new LedgerError(
    'not a ledger',
    `${path} is a SQLite database of some other program.`,
    'Name a file that guardrail made, or a path where there is none yet.',
  );
}

/**
 * Retries while another process opens the same new file: for this one step SQLite does not wait by itself, since two
 * that both read the file and both want it exclusively would wait forever.
 */
async function useWriteAheadLog(database: DatabaseSync): Promise<void> {
  const giveUpAtMs = Date.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || Date.now() >= giveUpAtMs) throw error;
      await setTimeout(RETRY_MS);
    }
  }
}
