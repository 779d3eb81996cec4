import { type Kysely, sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, Migrator } from 'kysely/migration';
import { LedgerError } from './errors.ts';
import { migrations } from './migrations.ts';
import type { LedgerSchema } from './schema.ts';

/** Where Kysely keeps the names of the migrations that were run. */
export const MIGRATION_TABLE = DEFAULT_MIGRATION_TABLE;

/**
 * Brings a SQLite database up to this build's schema, completely or not at all. Holds the write lock meanwhile, so that
 * of two processes that open a new file together, one creates the tables and the other finds them.
 * @throws LedgerError if a newer build has migrated it
 */
export async function migrateSqlite(db: Kysely<LedgerSchema>, path: string): Promise<void> {
  await db.connection().execute(async (connection) => {
    // Kysely's own transaction is no use here: its migrator assumes that SQLite cannot roll back DDL.
    await sql`begin immediate`.execute(connection);
    try {
      const tables = await connection.introspection.getTables({ withInternalKyselyTables: true });
      if (tables.some(({ name }) => name === MIGRATION_TABLE)) {
        refuseNewer(await migrationsIn(connection), path);
      }
      await migrate(connection);
      await sql`commit`.execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection);
      throw error;
    }
  });
}

/**
 * The same for a PostgreSQL schema, which is created if necessary. A lock on the schema's name is held meanwhile, so
 * that of replicas that start together one creates the tables and the others find them; it ends with the connection.
 * @param db on one connection, which the caller ends, and whose search path is the schema
 * @param place the database's name in errors
 * @throws LedgerError if a newer build has migrated it, or the schema holds another program's tables
 */
export async function migratePostgres(
  db: Kysely<LedgerSchema>,
  schema: string,
  place: string,
): Promise<void> {
  await db.connection().execute(async (connection) => {
    if (await isUpToDate(connection, schema, place)) return;
    const lock = `guardrail ledger ${schema}`;
    await sql`select pg_advisory_lock(hashtextextended(${lock}, 0))`.execute(connection);
    // Another replica may have migrated it meanwhile.
    if (await isUpToDate(connection, schema, place)) return;
    if (!(await exists(connection, 'to_regnamespace', schema))) {
      await connection.schema.createSchema(schema).execute();
    }
    await refuseForeign(connection, schema, place);
    await migrate(connection, schema);
  });
}

async function isUpToDate(db: Kysely<LedgerSchema>, schema: string, place: string): Promise<boolean> {
  if (!(await exists(db, 'to_regclass', `${schema}.${MIGRATION_TABLE}`))) return false;
  const names = await migrationsIn(db);
  refuseNewer(names, place);
  return names.length === Object.keys(migrations).length;
}

async function refuseForeign(db: Kysely<LedgerSchema>, schema: string, place: string): Promise<void> {
  if (await exists(db, 'to_regclass', `${schema}.${MIGRATION_TABLE}`)) return;
  const tables = await sql`select 1 from pg_tables where schemaname = ${schema} limit 1`.execute(db);
  if (tables.rows.length === 0) return;
  throw new LedgerError(
    'not a ledger',
    `The schema ${schema} of ${place} holds tables of some other program.`,
    'Name one that guardrail made, or one that is not there yet, by ?schema=NAME.',
  );
}

/** @param lookup PostgreSQL's function that finds this kind of object by name */
async function exists(
  db: Kysely<LedgerSchema>,
  lookup: 'to_regclass' | 'to_regnamespace',
  name: string,
): Promise<boolean> {
  const query = sql<{ found: boolean }>`select ${sql.raw(lookup)}(${name}) is not null as found`;
  const { rows } = await query.execute(db);
  return rows[0]?.found === true;
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

async function migrationsIn(db: Kysely<LedgerSchema>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)}`.execute(db);
  return rows.map(({ name }) => name);
}

function refuseNewer(names: readonly string[], place: string): void {
  const unknown = names.filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length === 0) return;
  throw new LedgerError(
    'newer schema',
    `The ledger ${place} was written by a newer guardrail: this build does not know its ${unknown.join(', ')}.`,
    'Run the newer guardrail, or set another ledger.',
  );
}
