import { type Kysely, sql } from 'kysely';

/** Every entry of the books with a digest of its content, sealed in order by a chain of hashes. */
export async function addJournal(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('journal')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('seal', 'bigint')
    .addPrimaryKeyConstraint('journal_key', ['kind', 'id'])
    .execute();
  await db.schema.createIndex('journal_seal').on('journal').column('seal').execute();
  await db.schema
    .createTable('seals')
    .addColumn('seal', 'bigint', (c) => c.notNull().primaryKey())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addColumn('entries', 'bigint', (c) => c.notNull())
    .addColumn('entries_hash', 'text', (c) => c.notNull())
    .addColumn('all_before_ms', 'bigint')
    .addColumn('hash', 'text', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('seals_all_before').on('seals').column('all_before_ms').execute();
  await db.schema
    .createTable('prunings')
    .addColumn('id', 'text', (c) => c.notNull().primaryKey())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addColumn('before_ms', 'bigint', (c) => c.notNull())
    .addColumn('decisions', 'bigint', (c) => c.notNull())
    .addColumn('settlements', 'bigint', (c) => c.notNull())
    .execute();
}

/** What each reconciliation with the warehouse found. */
export async function addReconciliations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('reconciliations')
    .addColumn('id', 'text', (c) => c.notNull().primaryKey())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addColumn('from_ms', 'bigint', (c) => c.notNull())
    .addColumn('to_ms', 'bigint', (c) => c.notNull())
    .addColumn('balanced', 'bigint', (c) => c.notNull())
    .addColumn('ledger_bytes', 'bigint', (c) => c.notNull())
    .addColumn('warehouse_bytes', 'bigint', (c) => c.notNull())
    .addColumn('unguarded_jobs', 'bigint', (c) => c.notNull())
    .addColumn('unguarded_bytes', 'bigint', (c) => c.notNull())
    .addColumn('missing_jobs', 'bigint', (c) => c.notNull())
    .addColumn('missing_bytes', 'bigint', (c) => c.notNull())
    .addColumn('corrections', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('reconciliations_at').on('reconciliations').column('at_ms').execute();
}

/** Why a reconciliation corrected the books, and on whose behalf. */
export async function addReasons(db: Kysely<unknown>): Promise<void> {
  for (const column of ['reason', 'written_by']) {
    await db.schema.alterTable('reconciliations').addColumn(column, 'text').execute();
  }
}

/** How settlements were priced, so that a price that is changed later is not taken for a wrong one. */
export async function addTariffs(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('settlements').addColumn('paid_by', 'text').execute();
  await db.schema.alterTable('settlements').addColumn('price_micros', 'bigint').execute();
}

/** Daily sums of months whose decisions are no longer kept. */
export async function addRollUps(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('spend_by_day')
    .addColumn('day', 'text', (c) => c.notNull())
    .addColumn('day_starts_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('project_id', 'text', (c) => c.notNull())
    .addColumn('team', 'text', (c) => c.notNull())
    .addColumn('principal', 'text', (c) => c.notNull())
    .addColumn('tool', 'text', (c) => c.notNull())
    .addColumn('person', 'text', (c) => c.notNull())
    .addColumn('dashboard', 'text', (c) => c.notNull())
    .addColumn('card', 'text', (c) => c.notNull())
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('currency', 'text', (c) => c.notNull())
    .addColumn('queries', 'bigint', (c) => c.notNull())
    .addColumn('bytes_billed', 'bigint', (c) => c.notNull())
    .addColumn('free_bytes', 'bigint', (c) => c.notNull())
    .addColumn('cost_micros', 'bigint', (c) => c.notNull())
    .addColumn('slot_ms', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('spend_by_day_day').on('spend_by_day').column('day').execute();
  await db.schema
    .createTable('table_spend_by_day')
    .addColumn('day', 'text', (c) => c.notNull())
    .addColumn('day_starts_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('table_name', 'text', (c) => c.notNull())
    .addColumn('team', 'text', (c) => c.notNull())
    .addColumn('currency', 'text', (c) => c.notNull())
    .addColumn('queries', 'bigint', (c) => c.notNull())
    .addColumn('bytes_billed', 'bigint', (c) => c.notNull())
    .addColumn('free_bytes', 'bigint', (c) => c.notNull())
    .addColumn('cost_micros', 'bigint', (c) => c.notNull())
    .addColumn('slot_ms', 'bigint', (c) => c.notNull())
    .addColumn('shared_queries', 'bigint', (c) => c.notNull())
    .addColumn('shared_bytes_billed', 'bigint', (c) => c.notNull())
    .addColumn('shared_cost_micros', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('table_spend_by_day_day').on('table_spend_by_day').column('day').execute();
}

/** A day's sums grow however many steps it is pruned in: there is one row for each combination of keys. */
export async function sumUpOnceADay(db: Kysely<unknown>): Promise<void> {
  for (const table of ['spend_by_day', 'table_spend_by_day']) {
    await db.schema
      .alterTable(table)
      .addColumn('key_hash', 'text', (c) => c.notNull().defaultTo(''))
      .execute();
    await db.schema
      .createIndex(`${table}_key`)
      .unique()
      .on(table)
      .columns(['day', 'key_hash'])
      .where(sql.ref('key_hash'), '<>', sql.lit(''))
      .execute();
  }
}
