import type { Kysely } from 'kysely';
import { LedgerError } from './errors.ts';
import { createGroupedWrites } from './grouped-writes.ts';
import { migrateSqlite } from './migrate.ts';
import { createParallelWrites } from './parallel-writes.ts';
import { openPostgres } from './postgres.ts';
import { postgresAddress } from './postgres-address.ts';
import type { LedgerSchema } from './schema.ts';
import { keepFromWaiting, openSqlite, watchFile } from './sqlite.ts';
import { sqlitePath } from './sqlite-address.ts';
import type { LedgerTransaction } from './writes.ts';

export type { LedgerTransaction } from './writes.ts';

/** Reads the ledger; what it finds was committed. */
export type LedgerReader = Pick<Kysely<LedgerSchema>, 'selectFrom'>;

/** The one database that budgets and records are kept in. */
export interface Ledger {
  readonly read: LedgerReader;
  /**
   * Runs `work` in one transaction: all of it is durable when the promise resolves, and none of it happened when it
   * rejects; but where the server is lost while it commits (`unreachable`), it may have happened after all, so work
   * must be such that asking for it twice does no harm. `work` uses the transaction alone, and leaves no trace outside
   * of it: PostgreSQL may have it done again from its start. SQLite runs one after the other, in the order in which
   * they were asked for; PostgreSQL runs several at once, at the isolation level READ COMMITTED.
   * @throws LedgerError where the database fails; whatever `work` throws
   */
  write<T>(work: (transaction: LedgerTransaction) => Promise<T>): Promise<T>;
  /** Resolves once every write that was asked for has ended. */
  close(): Promise<void>;
}

/**
 * Opens the ledger and brings its schema up to this build's.
 *
 * Any number of processes may share one PostgreSQL database, or one schema of it: what they decide on is all there,
 * and a row that one decides on is locked until it has decided.
 *
 * Two processes may share one SQLite file: a transaction holds the write lock from its beginning, so limits hold over
 * both. Each waits for the other's writes, for seconds at the most, then fails with a `LedgerError` of kind `busy`;
 * reads go on meanwhile.
 * Both must run on one machine: a network file system does not keep the locks that this rests on. Within one process,
 * open a file once: its second ledger would wait for the first on the thread that the first needs to go on.
 * @see https://www.sqlite.org/wal.html
 * @param url `sqlite:PATH`, `sqlite::memory:` for one that is gone with the process, or
 * `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, whose options `docs/ledger.md` lists
 * @throws LedgerError
 */
export async function openLedger(url: string): Promise<Ledger> {
  if (/^postgres(ql)?:/.test(url)) return openInPostgres(url);
  const path = sqlitePath(url);
  if (path === null) throw unknownKind(url);
  return openInSqlite(path);
}

async function openInSqlite(path: string): Promise<Ledger> {
  const db = await openSqlite(path);
  try {
    await migrateSqlite(db, path);
    await keepFromWaiting(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const writes = createGroupedWrites(db, watchFile(path));
  return {
    read: db,
    write: writes.run,
    async close() {
      await writes.close();
      await db.destroy();
    },
  };
}

async function openInPostgres(url: string): Promise<Ledger> {
  const databases = await openPostgres(postgresAddress(url));
  const writes = createParallelWrites(databases.writes);
  return {
    read: databases.reads,
    write: writes.run,
    async close() {
      await writes.close();
      await Promise.all([databases.writes.destroy(), databases.reads.destroy()]);
    },
  };
}

function unknownKind(url: string): LedgerError {
  // The rest of the address may hold a password.
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0] ?? 'one without a scheme';
  return new LedgerError(
    'unsupported url',
    `The ledger's address is of an unknown kind (${scheme}).`,
    'Set it to sqlite:PATH, such as sqlite:data/ledger.db, or postgres://USER:PASSWORD@HOST/DATABASE.',
  );
}
