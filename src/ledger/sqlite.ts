import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { Kysely, sql } from 'kysely';
import { errorMessage } from '../text/error-message.ts';
import { fromSqlite, isBusy, LedgerError } from './errors.ts';
import { MIGRATION_TABLE } from './migrate.ts';
import { NodeSqliteDialect } from './node-sqlite.ts';
import type { LedgerSchema } from './schema.ts';
import { IN_MEMORY } from './sqlite-address.ts';

/** How long a statement waits, while the ledger is opened, for another process that writes to the same file. */
const BUSY_TIMEOUT_MS = 5_000;

/** How long a statement holds up the thread from then on: another process's commit is mostly over by then. */
const COMMIT_MS = 10;

const RETRY_MS = 5;

/**
 * A SQLite database as the ledger needs it, its folder made where there is none. A write is on the disk before it is
 * acknowledged: a write-ahead log with `synchronous=FULL` outlives a killed process and a lost machine alike.
 * @see https://www.sqlite.org/pragma.html#pragma_synchronous
 * @throws LedgerError where the path cannot be written, or holds something else
 */
export async function openSqlite(path: string): Promise<Kysely<LedgerSchema>> {
  if (path !== IN_MEMORY) await makeFolder(dirname(path));
  const database = openFile(path);
  try {
    refuseForeign(database, path);
    await writeAhead(database);
    database.exec('PRAGMA synchronous = FULL');
  } catch (error) {
    database.close();
    throw fromSqlite(error, path);
  }
  return new Kysely<LedgerSchema>({ dialect: new NodeSqliteDialect(database, path) });
}

/** From now on nobody waits for another process within a statement, but for as long as a commit mostly takes. */
export async function keepFromWaiting(db: Kysely<LedgerSchema>): Promise<void> {
  await sql`pragma busy_timeout = ${sql.lit(COMMIT_MS)}`.execute(db);
}

/**
 * Watches that the file stays where it is. SQLite goes on with one that was deleted or moved, and what is written then
 * is gone with the process.
 * @returns what throws a LedgerError where the path leads to another file than now, or to none
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
      'Put the file back where it was, and the guardrail goes on; to go on with another, start the guardrail again.',
    );
  };
}

/** Which file it is, whatever its name; null where there is none. Asked on this thread, as SQLite asks for its pages. */
function fileAt(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    // Gone, or behind a folder that cannot be read: either way it is not there to be opened again.
    return null;
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new LedgerError(
      'unwritable',
      `The ledger's folder ${folder} cannot be made: ${errorMessage(error)}.`,
      'Name a file in a folder that the user that runs the guardrail may write to.',
      { cause: error },
    );
  }
}

function openFile(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  } catch (error) {
    throw fromSqlite(error, path);
  }
}

/** Some other program's database is left exactly as it is. */
function refuseForeign(database: DatabaseSync, path: string): void {
  const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all();
  if (tables.length === 0 || tables.some(({ name }) => name === MIGRATION_TABLE)) return;
  throw new LedgerError(
    'not a ledger',
    `${path} is a SQLite database of some other program.`,
    'Name a file that a guardrail made, or a path where there is none yet.',
  );
}

/**
 * Tries again while another process opens the same new file: for this one step SQLite does not wait by itself, since
 * two that both read the file and both want it for themselves would wait for ever.
 */
async function writeAhead(database: DatabaseSync): Promise<void> {
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
