import { type Kysely, sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, Migrator } from 'kysely/migration';
import { LedgerError } from './errors.ts';
import { migrations } from './migrations.ts';
import type { LedgerSchema } from './schema.ts';

/** Where Kysely keeps the names of the migrations that were run. */
export const MIGRATION_TABLE = DEFAULT_MIGRATION_TABLE;

/**
 * Brings a SQLite database up to this build's schema, wholly or not at all. Holds the write lock meanwhile, so that
 * of two processes that open a new file together, one makes the tables and the other finds them.
 * @throws LedgerError where a newer build has been at it
 */
export async function migrateSqlite(db: Kysely<LedgerSchema>, path: string): Promise<void> {
  await db.connection().execute(async (connection) => {
    // Kysely's own transaction is of no use here: its migrator takes SQLite for a database that cannot roll back DDL.
    await sql`begin immediate`.execute(connection);
    try {
      if ((await tablesIn(connection, null)).includes(MIGRATION_TABLE)) await refuseNewer(connection, path);
      await migrate(connection);
      await sql`commit`.execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection);
      throw error;
    }
  });
}

/**
 * The same for a PostgreSQL schema, which is made where there is none. A lock on the schema's name is held meanwhile,
 * so that of replicas that start together one makes the tables and the others find them; it goes with the connection.
 * @param db on one connection, which the caller ends, and whose search path is the schema
 * @param place what to call the database in errors
 * @throws LedgerError where a newer build has been at it, or the schema holds some other program's tables
 */
export async function migratePostgres(
  db: Kysely<LedgerSchema>,
  schema: string,
  place: string,
): Promise<void> {
  await db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(hashtextextended(${`guardrail ledger ${schema}`}, 0))`.execute(
      connection,
    );
    const schemas = await connection.introspection.getSchemas();
    if (!schemas.some(({ name }) => name === schema)) {
      await connection.schema.createSchema(schema).execute();
    }
    const tables = await tablesIn(connection, schema);
    if (tables.includes(MIGRATION_TABLE)) {
      await refuseNewer(connection, place);
    } else if (tables.length > 0) {
      throw new LedgerError(
        'not a ledger',
        `The schema ${schema} of ${place} holds tables of some other program.`,
        'Name one that a guardrail made, or one that is not there yet, by ?schema=NAME.',
      );
    }
    await migrate(connection, schema);
  });
}

async function migrate(db: Kysely<LedgerSchema>, schema?: string): Promise<void> {
  const provider = { getMigrations: async () => ({ ...migrations }) };
  const migrator = new Migrator({
    db,
    provider,
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/** @param schema null where the database has no schemas */
async function tablesIn(db: Kysely<LedgerSchema>, schema: string | null): Promise<readonly string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  return tables.filter((table) => schema === null || table.schema === schema).map(({ name }) => name);
}

async function refuseNewer(db: Kysely<LedgerSchema>, place: string): Promise<void> {
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)}`.execute(db);
  const unknown = rows.map(({ name }) => name).filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length === 0) return;
  throw new LedgerError(
    'newer schema',
    `The ledger ${place} was written by a newer guardrail: this build does not know its ${unknown.join(', ')}.`,
    'Run the newer guardrail, or set another ledger.',
  );
}
