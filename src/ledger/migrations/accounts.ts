import { type Kysely, sql } from 'kysely';
import { isAmount } from './first.ts';

/** Budgets that are split by person, dashboard and so on have an account for each. */
export async function addAccounts(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('budget_windows').renameTo('budget_windows_before').execute();
  await db.schema
    .createTable('budget_windows')
    .addColumn('budget', 'text', (c) => c.notNull())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('window_key', 'text', (c) => c.notNull())
    .addColumn('unit', 'text', (c) => c.notNull())
    .addColumn('used', 'bigint', (c) => c.notNull().defaultTo(0).check(isAmount('used')))
    .addColumn('reserved', 'bigint', (c) => c.notNull().defaultTo(0).check(isAmount('reserved')))
    .addColumn('ends_at_ms', 'bigint')
    .addPrimaryKeyConstraint('budget_accounts_key', ['budget', 'account', 'window_key', 'unit'])
    .execute();
  await sql`insert into budget_windows (budget, account, window_key, unit, used, reserved)
    select budget, '', window_key, unit, used, reserved from budget_windows_before`.execute(db);
  await db.schema.dropTable('budget_windows_before').execute();
  await db.schema.createIndex('budget_windows_end').on('budget_windows').column('ends_at_ms').execute();
  await db.schema
    .alterTable('reservation_parts')
    .addColumn('account', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
}

/** What a query needed in the past is looked up while it waits to be admitted. */
export async function indexDecisionsByFingerprint(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('decisions_fingerprint_at')
    .on('decisions')
    .columns(['fingerprint', 'at_ms'])
    .execute();
}

/**
 * Who admitted what, so that whatever a dead process left can be found; and what a query holds besides bytes and money.
 */
export async function addReplicas(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('replicas')
    .addColumn('id', 'text', (c) => c.notNull().primaryKey())
    .addColumn('started_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('alive_until_ms', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .alterTable('reservations')
    .addColumn('replica', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
  await db.schema
    .alterTable('reservations')
    .addColumn('slot_ms', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute();
}

export async function addGrantsAndNotices(db: Kysely<unknown>): Promise<void> {
  await addGrants(db);
  await addNotices(db);
}

async function addGrants(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('grants')
    .addColumn('id', 'text', (c) => c.notNull().primaryKey())
    .addColumn('budget', 'text', (c) => c.notNull())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('unit', 'text', (c) => c.notNull())
    .addColumn('amount', 'bigint', (c) => c.notNull().check(isAmount('amount')))
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('granted_by', 'text', (c) => c.notNull())
    .addColumn('granted_to', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', 'bigint', (c) => c.notNull())
    .addColumn('expires_at_ms', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('grants_budget').on('grants').columns(['budget', 'expires_at_ms']).execute();
  await db.schema
    .createTable('grant_revocations')
    .addColumn('grant_id', 'text', (c) => c.notNull().primaryKey().references('grants.id'))
    .addColumn('revoked_by', 'text', (c) => c.notNull())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .execute();
}

async function addNotices(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('notices')
    .addColumn('id', 'text', (c) => c.notNull().primaryKey())
    .addColumn('budget', 'text', (c) => c.notNull())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('window_key', 'text', (c) => c.notNull())
    .addColumn('unit', 'text', (c) => c.notNull())
    .addColumn('threshold', 'bigint', (c) => c.notNull())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addColumn('content', 'text', (c) => c.notNull())
    .addColumn('told_at_ms', 'bigint')
    .addColumn('claimed_until_ms', 'bigint', (c) => c.notNull().defaultTo(0))
    .addColumn('attempts', 'bigint', (c) => c.notNull().defaultTo(0))
    .addUniqueConstraint('notices_once', ['budget', 'account', 'window_key', 'unit', 'threshold'])
    .execute();
  await db.schema.createIndex('notices_at').on('notices').column('at_ms').execute();
  await db.schema
    .createIndex('notices_untold')
    .on('notices')
    .column('claimed_until_ms')
    .where(sql.ref('told_at_ms'), 'is', null)
    .execute();
  await db.schema
    .createTable('notice_deliveries')
    .addColumn('notice_id', 'text', (c) => c.notNull().references('notices.id'))
    .addColumn('webhook', 'text', (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('problem', 'text')
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('notice_deliveries_key', ['notice_id', 'webhook'])
    .execute();
}

/** An assumed settlement is replaced by a known one, and that by what the warehouse's own books say later. */
export async function versionSettlements(db: Kysely<unknown>): Promise<void> {
  for (const index of ['settlements_at', 'settlements_job']) await db.schema.dropIndex(index).execute();
  await db.schema.alterTable('settlements').renameTo('settlements_before').execute();
  await db.schema
    .createTable('settlements')
    .addColumn('decision_id', 'text', (c) => c.notNull())
    .addColumn('version', 'bigint', (c) => c.notNull())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addColumn('job_id', 'text')
    .addColumn('bytes_processed', 'bigint', (c) => c.notNull())
    .addColumn('bytes_billed', 'bigint', (c) => c.notNull())
    .addColumn('free_bytes', 'bigint', (c) => c.notNull())
    .addColumn('cost_micros', 'bigint', (c) => c.notNull())
    .addColumn('currency', 'text', (c) => c.notNull())
    .addColumn('cache_hit', 'bigint', (c) => c.notNull())
    .addColumn('slot_ms', 'bigint')
    .addColumn('duration_ms', 'bigint')
    .addColumn('error_reason', 'text')
    .addColumn('source', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('settlement_versions_key', ['decision_id', 'version'])
    .execute();
  await sql`insert into settlements (decision_id, version, at_ms, job_id, bytes_processed, bytes_billed, free_bytes,
      cost_micros, currency, cache_hit, slot_ms, error_reason, source)
    select decision_id, 1 - assumed, at_ms, job_id, bytes_processed, bytes_billed, 0,
      cost_micros, currency, cache_hit, slot_ms, error_reason, source from settlements_before`.execute(db);
  await db.schema.dropTable('settlements_before').execute();
  await db.schema.createIndex('settlements_at').on('settlements').column('at_ms').execute();
  await db.schema.createIndex('settlements_job').on('settlements').column('job_id').execute();
}

/**
 * If two replicas settle one job at the same time under two decisions, the second one fails and then sees the first.
 */
export async function payOnceForJobs(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('settlements_payer')
    .unique()
    .on('settlements')
    .column('job_id')
    .where(sql.ref('version'), '=', sql.lit(1))
    .where(sql.ref('source'), '<>', sql.lit('repeated'))
    .execute();
}
