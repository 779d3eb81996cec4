import { type Kysely, sql } from 'kysely';
import { MAX_AMOUNT } from '../../vocabulary/max-amount.ts';

/** The first version. It must not change: ledgers that it created are in use. */
export async function createTables(db: Kysely<unknown>): Promise<void> {
  await createBudgetWindows(db);
  await createReservations(db);
  await createDecisions(db);
  await createSettlements(db);
}

/** A job that a client asks for twice is found by its name, and paid for once. */
export async function indexSettlementsByJob(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('settlements_job').on('settlements').column('job_id').execute();
}

async function createBudgetWindows(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('budget_windows')
    .addColumn('budget', 'text', (c) => c.notNull())
    .addColumn('window_key', 'text', (c) => c.notNull())
    .addColumn('unit', 'text', (c) => c.notNull())
    .addColumn('used', 'bigint', (c) => c.notNull().defaultTo(0).check(isAmount('used')))
    .addColumn('reserved', 'bigint', (c) => c.notNull().defaultTo(0).check(isAmount('reserved')))
    .addPrimaryKeyConstraint('budget_windows_key', ['budget', 'window_key', 'unit'])
    .execute();
}

/** SQLite turns a sum that exceeds 64 bits into a float; this makes it an error, as in PostgreSQL. */
export function isAmount(column: string) {
  return sql`${sql.ref(column)} between 0 and ${sql.lit(MAX_AMOUNT)}`;
}

async function createReservations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('reservations')
    .addColumn('decision_id', 'text', (c) => c.notNull().primaryKey())
    .addColumn('state', 'text', (c) => c.notNull().check(sql`state in ('open', 'settled', 'assumed')`))
    .addColumn('created_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('expires_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('settled_at_ms', 'bigint')
    .addColumn('bytes_billed', 'bigint', (c) => c.notNull())
    .addColumn('cost_micros', 'bigint', (c) => c.notNull())
    .addColumn('currency', 'text', (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('reservations_open')
    .on('reservations')
    .column('expires_at_ms')
    .where(sql.ref('state'), '=', sql.lit('open'))
    .execute();
  await db.schema
    .createTable('reservation_parts')
    .addColumn('decision_id', 'text', (c) => c.notNull().references('reservations.decision_id'))
    .addColumn('budget', 'text', (c) => c.notNull())
    .addColumn('window_key', 'text', (c) => c.notNull())
    .addColumn('unit', 'text', (c) => c.notNull())
    .addColumn('amount', 'bigint', (c) => c.notNull())
    .addColumn('exchange_micros', 'bigint')
    .addColumn('settled_amount', 'bigint')
    .addPrimaryKeyConstraint('reservation_parts_key', ['decision_id', 'budget'])
    .execute();
}

async function createDecisions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('decisions')
    .addColumn('id', 'text', (c) => c.notNull().primaryKey())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addColumn('project_id', 'text', (c) => c.notNull())
    .addColumn('team', 'text', (c) => c.notNull())
    .addColumn('principal', 'text')
    .addColumn('tool', 'text')
    .addColumn('person', 'text')
    .addColumn('dashboard', 'text')
    .addColumn('card', 'text')
    .addColumn('sql', 'text', (c) => c.notNull())
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('cause', 'text')
    .addColumn('estimated_bytes_processed', 'bigint')
    .addColumn('estimated_bytes_billed', 'bigint')
    .addColumn('estimated_cost_micros', 'bigint')
    .addColumn('estimated_currency', 'text')
    .addColumn('maximum_bytes_billed', 'bigint')
    .addColumn('details', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('decisions_at').on('decisions').column('at_ms').execute();
  await db.schema.createIndex('decisions_team_at').on('decisions').columns(['team', 'at_ms']).execute();
  await db.schema
    .createTable('decision_tables')
    .addColumn('decision_id', 'text', (c) => c.notNull().references('decisions.id'))
    .addColumn('table_name', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('decision_tables_key', ['decision_id', 'table_name'])
    .execute();
}

async function createSettlements(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('settlements')
    .addColumn('decision_id', 'text', (c) => c.notNull())
    .addColumn('assumed', 'integer', (c) => c.notNull())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addColumn('job_id', 'text')
    .addColumn('bytes_processed', 'bigint', (c) => c.notNull())
    .addColumn('bytes_billed', 'bigint', (c) => c.notNull())
    .addColumn('cost_micros', 'bigint', (c) => c.notNull())
    .addColumn('currency', 'text', (c) => c.notNull())
    .addColumn('cache_hit', 'integer', (c) => c.notNull())
    .addColumn('slot_ms', 'bigint')
    .addColumn('error_reason', 'text')
    .addColumn('source', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('settlements_key', ['decision_id', 'assumed'])
    .execute();
  await db.schema.createIndex('settlements_at').on('settlements').column('at_ms').execute();
}
