import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type SqliteDatabase,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from 'kysely';
import { LRUCache } from 'lru-cache';
import { fromSqlite } from './errors.ts';

/** The ledger's code has a few dozen distinct statements; lists of unusual length add a few more. */
const MAX_STATEMENTS = 200;

/** Kysely's dialect of SQLite on Node's own driver. Integers come back as bigint, errors as `LedgerError`. */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #database: DatabaseSync;
  readonly #config: SqliteDialectConfig;
  readonly #transaction: TransactionState;

  /** @param path the database's name in errors */
  constructor(database: DatabaseSync, path: string) {
    const transaction: TransactionState = { begun: false, endedBy: null };
    const config = { database: adapt(database, path, transaction) };
    super(config);
    this.#transaction = transaction;
    this.#database = database;
    this.#config = config;
  }

  override createDriver(): Driver {
    return new NodeSqliteDriver(this.#database, this.#config, this.#transaction);
  }
}

/**
 * The driver's transaction. SQLite may end it by itself, for example when the disk is full; later statements would then
 * be committed one by one, so nothing more is run until the driver has ended the transaction too.
 * @see https://www.sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction
 */
interface TransactionState {
  begun: boolean;
  /** Why SQLite ended it; null while it has not. */
  endedBy: unknown;
}

class NodeSqliteDriver extends SqliteDriver {
  readonly #database: DatabaseSync;
  readonly #transaction: TransactionState;

  constructor(database: DatabaseSync, config: SqliteDialectConfig, transaction: TransactionState) {
    super(config);
    this.#database = database;
    this.#transaction = transaction;
  }

  /**
   * Takes the write lock at once. A transaction that starts by reading could not take it later if another process has
   * written in between: SQLite refuses that without waiting.
   * @see https://www.sqlite.org/isolation.html
   */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
    this.#transaction.begun = true;
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await super.commitTransaction(connection);
    this.#transaction.begun = false;
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    this.#transaction.begun = false;
    this.#transaction.endedBy = null;
    // If SQLite has ended it, rolling back again would hide the reason.
    if (this.#database.isTransaction) await super.rollbackTransaction(connection);
  }
}

function adapt(database: DatabaseSync, path: string, transaction: TransactionState): SqliteDatabase {
  const statements = new LRUCache<string, Prepared>({ max: MAX_STATEMENTS });
  const typed = <T>(work: () => T): T => {
    if (transaction.endedBy !== null) throw transaction.endedBy;
    try {
      return work();
    } catch (error) {
      const known = fromSqlite(error, path);
      if (transaction.begun && !database.isTransaction) transaction.endedBy = known;
      throw known;
    }
  };
  return {
    close: () => database.close(),
    prepare(sql) {
      const known = statements.get(sql);
      const { statement, columns } = known ?? typed(() => prepared(database, sql));
      if (known === undefined) statements.set(sql, { statement, columns });
      const all = (parameters: readonly unknown[]) =>
        typed(() => {
          const arrays = arraysOf(statement.all(...bindable(parameters)));
          const [first] = arrays;
          if (first === undefined) return [];
          // Another process may have added columns since.
          const names = first.length === columns.length ? columns : namesOf(statement);
          return arrays.map((values) => rowOf(names, values));
        });
      return {
        reader: columns.length > 0,
        all,
        run: (parameters) => typed(() => statement.run(...bindable(parameters))),
        // Nothing of the ledger is streamed: what is long is read in pieces.
        iterate: (parameters) => all(parameters).values(),
      };
    },
  };
}

interface Prepared {
  readonly statement: StatementSync;
  /** The names of what it returns; empty if it returns no rows. */
  readonly columns: readonly string[];
}

function prepared(database: DatabaseSync, sql: string): Prepared {
  const statement = database.prepare(sql);
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  return { statement, columns: namesOf(statement) };
}

function namesOf(statement: StatementSync): readonly string[] {
  return statement.columns().map(({ name }) => name);
}

/** What a statement returns that is set to return arrays, which its type does not know. */
function arraysOf(rows: readonly object[]): readonly (readonly SQLOutputValue[])[] {
  return rows as unknown as readonly (readonly SQLOutputValue[])[];
}

/**
 * A row by the names of its columns. The driver's own rows take twice as long to make and to copy: they are dictionaries
 * to the engine, where these have one shape.
 */
function rowOf(columns: readonly string[], values: readonly SQLOutputValue[]): object {
  const row: Record<string, SQLOutputValue> = {};
  for (const [i, column] of columns.entries()) row[column] = values[i] ?? null;
  return row;
}

/** The schema's types allow text, integers and null. */
function bindable(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((parameter) => {
    if (parameter === null || typeof parameter === 'string') return parameter;
    if (typeof parameter === 'bigint' || typeof parameter === 'number') return parameter;
    throw new TypeError(`A ${typeof parameter} cannot be bound to a SQLite statement`);
  });
}
