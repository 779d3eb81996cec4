import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import type { LedgerReader } from './ledger.ts';
import { postgresAddress } from './postgres/address.ts';
import { openPostgres } from './postgres/postgres.ts';
import type { LedgerSchema } from './schema.ts';
import { IN_MEMORY, sqlitePath } from './sqlite/address.ts';
import { fromSqlite } from './sqlite/errors.ts';
import { NodeSqliteDialect } from './sqlite/node-sqlite.ts';

/** A ledger that can only be read. */
export interface ReadOnlyLedger {
  readonly read: LedgerReader;
  close(): Promise<void>;
}

/** Whether another connection can see a ledger's content: an in-memory ledger belongs to its process. */
export function isShared(url: string): boolean {
  return sqlitePath(url) !== IN_MEMORY;
}

/**
 * Opens an existing ledger over a connection of its own: with SQLite's write-ahead log, readers never wait for writers,
 * nor the other way round.
 * @see https://www.sqlite.org/wal.html#concurrency
 * @throws LedgerError
 */
export async function openReadOnly(url: string): Promise<ReadOnlyLedger> {
  const path = sqlitePath(url);
  if (path === null) {
    const { reads, writes } = await openPostgres(postgresAddress(url));
    await writes.destroy();
    return { read: reads, close: () => reads.destroy() };
  }
  const db = new Kysely<LedgerSchema>({ dialect: new NodeSqliteDialect(openFile(path), path) });
  return { read: db, close: () => db.destroy() };
}

/**
 * How many pages are cached, and how much of the file is memory-mapped: sums look up each decision's settlement, and
 * IDs from before they began with the time are scattered over the indexes.
 */
const CACHE_KIB = 65_536;
const MAPPED_BYTES = 2_147_418_112;

function openFile(path: string): DatabaseSync {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    database.exec(`PRAGMA cache_size = -${CACHE_KIB}; PRAGMA mmap_size = ${MAPPED_BYTES}`);
    return database;
  } catch (error) {
    throw fromSqlite(error, path);
  }
}
