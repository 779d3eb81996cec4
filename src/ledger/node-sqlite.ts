import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
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

/** The ledger's code has some dozens of distinct statements; lists of unusual length make a few more. */
const MAX_STATEMENTS = 200;

/** Kysely's dialect of SQLite on Node's own driver. Integers come back as bigint, errors as `LedgerError`. */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #database: DatabaseSync;
  readonly #config: SqliteDialectConfig;

  /** @param path what to call the database in errors */
  constructor(database: DatabaseSync, path: string) {
    const config = { database: adapt(database, path) };
    super(config);
    this.#database = database;
    this.#config = config;
  }

  override createDriver(): Driver {
    return new NodeSqliteDriver(this.#database, this.#config);
  }
}

class NodeSqliteDriver extends SqliteDriver {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync, config: SqliteDialectConfig) {
    super(config);
    this.#database = database;
  }

  /**
   * Takes the write lock at once. A transaction that began by reading could not take it later where another process
   * has written in between: SQLite refuses that without waiting.
   * @see https://www.sqlite.org/isolation.html
   */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /** A full disk ends the transaction by itself, and rolling back once more would hide why. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.isTransaction) await super.rollbackTransaction(connection);
  }
}

function adapt(database: DatabaseSync, path: string): SqliteDatabase {
  const statements = new LRUCache<string, StatementSync>({ max: MAX_STATEMENTS });
  const typed = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw fromSqlite(error, path);
    }
  };
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = typed(() => statements.get(sql) ?? prepared(database, sql));
      statements.set(sql, statement);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => typed(() => statement.all(...bindable(parameters))),
        run: (parameters) => typed(() => statement.run(...bindable(parameters))),
        iterate: (parameters) => typed(() => statement.iterate(...bindable(parameters))),
      };
    },
  };
}

function prepared(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql);
  statement.setReadBigInts(true);
  return statement;
}

/** The schema's types allow text, integers and null. */
function bindable(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters.map((parameter) => {
    if (parameter === null || typeof parameter === 'string') return parameter;
    if (typeof parameter === 'bigint' || typeof parameter === 'number') return parameter;
    throw new TypeError(`A ${typeof parameter} cannot be bound to a SQLite statement`);
  });
}
