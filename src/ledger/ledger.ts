import type { Kysely } from 'kysely';
import { LedgerError } from './errors.ts';
import { migrateSqlite } from './migrate.ts';
import { postgresAddress } from './postgres/address.ts';
import { createParallelWrites } from './postgres/parallel-writes.ts';
import { openPostgres } from './postgres/postgres.ts';
import type { LedgerSchema } from './schema.ts';
import { sqlitePath } from './sqlite/address.ts';
import { createGroupedWrites } from './sqlite/grouped-writes.ts';
import { openSqlite, shortenBusyTimeout, watchFile } from './sqlite/sqlite.ts';
import type { LedgerTransaction } from './writes.ts';

export type { LedgerTransaction } from './writes.ts';

/** Reads the ledger; it sees only what is committed. */
export type LedgerReader = Pick<Kysely<LedgerSchema>, 'selectFrom'>;

/** The database that holds budgets and records. */
export interface Ledger {
  readonly read: LedgerReader;
  /**
   * Runs `work` in one transaction: when the promise resolves, all of it is durable; when it rejects, none of it
   * happened. The exception is a server that is lost during the commit (`unreachable`): then it may have happened after
   * all, so doing the work twice must do no harm. `work` must use only the transaction, and leave no trace outside it:
   * on PostgreSQL it may be restarted. SQLite runs transactions one after the other, in the order in which they were
   * asked for; PostgreSQL runs several at once, at isolation level READ COMMITTED.
   * @throws LedgerError if the database fails; whatever `work` throws
   */
  write<T>(work: (transaction: LedgerTransaction) => Promise<T>): Promise<T>;
  /** Resolves once every write that was asked for has ended. */
  close(): Promise<void>;
}

/**
 * Opens the ledger and brings its schema up to date with this build.
 *
 * Any number of processes may share one PostgreSQL database, or one schema of it: everything that they decide on is
 * stored there, and a row that one of them decides on is locked until it has decided.
 *
 * Two processes may share one SQLite file: a transaction holds the write lock from its start, so limits hold across
 * both. Each waits for the other's writes, for some seconds at most, and then fails with a `LedgerError` of kind
 * `busy`; reads go on meanwhile. Both must run on the same machine: a network file system does not keep the locks that
 * this relies on. Within one process, open a file only once: a second ledger would wait for the first on the very
 * thread that the first needs.
 * @see https://www.sqlite.org/wal.html
 * @param url `sqlite:PATH`, `sqlite::memory:` for one that ends with the process, or
 * `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, whose options are listed in `docs/ledger.md`
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
    await shortenBusyTimeout(db);
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
