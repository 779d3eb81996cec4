import type { Kysely } from 'kysely';
import { isAmount } from './first.ts';

/** Grants that somebody asked for, and what operators answered. */
export async function addGrantRequests(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('grant_requests')
    .addColumn('id', 'text', (c) => c.notNull().primaryKey())
    .addColumn('budget', 'text', (c) => c.notNull())
    .addColumn('account', 'text', (c) => c.notNull())
    .addColumn('unit', 'text', (c) => c.notNull())
    .addColumn('amount', 'bigint', (c) => c.notNull().check(isAmount('amount')))
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('asked_by', 'text')
    .addColumn('asked_for', 'text', (c) => c.notNull())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addColumn('expires_at_ms', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema.createIndex('grant_requests_expiry').on('grant_requests').column('expires_at_ms').execute();
  await db.schema
    .createTable('grant_answers')
    .addColumn('request_id', 'text', (c) => c.notNull().primaryKey().references('grant_requests.id'))
    .addColumn('answered_by', 'text', (c) => c.notNull())
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addColumn('grant_id', 'text', (c) => c.references('grants.id'))
    .execute();
}
