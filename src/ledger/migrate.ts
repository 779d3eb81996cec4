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
      await refuseNewer(connection, path);
      await migrate(connection);
      await sql`commit`.execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection);
      throw error;
    }
  });
}

async function migrate(db: Kysely<LedgerSchema>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

async function refuseNewer(db: Kysely<LedgerSchema>, path: string): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === MIGRATION_TABLE)) return;
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)}`.execute(db);
  const unknown = rows.map(({ name }) => name).filter((name) => !Object.hasOwn(migrations, name));
  if (unknown.length === 0) return;
  throw new LedgerError(
    'newer schema',
    `The ledger ${path} was written by a newer guardrail: this build does not know its ${unknown.join(', ')}.`,
    'Run the newer guardrail, or set another ledger.',
  );
}
