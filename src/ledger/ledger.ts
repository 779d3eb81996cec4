import type { Kysely, Transaction } from 'kysely';
import { LedgerError } from './errors.ts';
import { migrateSqlite } from './migrate.ts';
import type { LedgerSchema } from './schema.ts';
import { openSqlite } from './sqlite.ts';
import { createWriteQueue } from './write-queue.ts';

/** Reads the ledger; what it finds was committed. */
export type LedgerReader = Pick<Kysely<LedgerSchema>, 'selectFrom'>;

/** Reads and writes in one transaction. */
export type LedgerTransaction = Transaction<LedgerSchema>;

/** The one database that budgets and records are kept in. */
export interface Ledger {
  readonly read: LedgerReader;
  /**
   * Runs `work` in one transaction: all of it is durable when the promise resolves, and none of it happened when it
   * rejects. Writes run one after the other, in the order in which they were asked for. `work` uses the transaction
   * alone: `read` and `write` would wait for it to end, and it for them.
   * @throws LedgerError where the database fails; whatever `work` throws
   */
  write<T>(work: (transaction: LedgerTransaction) => Promise<T>): Promise<T>;
  /** Resolves once every write that was asked for has ended. */
  close(): Promise<void>;
}

const SQLITE = 'sqlite:';

/**
 * Opens the ledger and brings its schema up to this build's.
 *
 * Two processes may share one SQLite file: what they decide on is all in the file, and a transaction holds the write
 * lock from its beginning, so limits hold over both. Each waits for the other's writes, for seconds at the most, then
 * fails with a `LedgerError` of kind `busy`. Both must run on one machine: a network file system does not keep the
 * locks that this rests on. Within one process, open a file once: its second ledger would wait for the first on the
 * thread that the first needs to go on.
 * @see https://www.sqlite.org/wal.html
 * @param url `sqlite:PATH`, or `sqlite::memory:` for one that is gone with the process
 * @throws LedgerError
 */
export async function openLedger(url: string): Promise<Ledger> {
  const db = await openSqlite(pathIn(url));
  try {
    await migrateSqlite(db, pathIn(url));
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const writes = createWriteQueue();
  return {
    read: db,
    write: (work) => writes.run(() => db.transaction().execute(work)),
    async close() {
      await writes.close();
      await db.destroy();
    },
  };
}

function pathIn(url: string): string {
  if (url.startsWith(SQLITE) && url.length > SQLITE.length) return url.slice(SQLITE.length);
  const cure = 'Set it to sqlite:PATH, such as sqlite:data/ledger.db.';
  if (/^postgres(ql)?:/.test(url)) {
    throw new LedgerError('unsupported url', 'This build does not keep its ledger in PostgreSQL yet.', cure);
  }
  // The rest of the address may hold a password.
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url)?.[0] ?? 'one without a scheme';
  throw new LedgerError('unsupported url', `The ledger's address is of an unknown kind (${scheme}).`, cure);
}
