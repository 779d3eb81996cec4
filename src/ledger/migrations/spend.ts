import type { Kysely } from 'kysely';

/** A narrow copy of what queries came to, and how far it has got: it is filled in later, a little at a time. */
export async function addQuerySpend(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('query_spend')
    .addColumn('at_ms', 'bigint', (c) => c.notNull())
    .addColumn('decision_id', 'text', (c) => c.notNull())
    .addColumn('project_id', 'text', (c) => c.notNull())
    .addColumn('team', 'text', (c) => c.notNull())
    .addColumn('principal', 'text', (c) => c.notNull())
    .addColumn('tool', 'text', (c) => c.notNull())
    .addColumn('person', 'text', (c) => c.notNull())
    .addColumn('dashboard', 'text', (c) => c.notNull())
    .addColumn('card', 'text', (c) => c.notNull())
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('tables_read', 'bigint', (c) => c.notNull())
    .addColumn('currency', 'text', (c) => c.notNull())
    .addColumn('bytes_billed', 'bigint', (c) => c.notNull())
    .addColumn('free_bytes', 'bigint', (c) => c.notNull())
    .addColumn('cost_micros', 'bigint', (c) => c.notNull())
    .addColumn('slot_ms', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('query_spend_key', ['at_ms', 'decision_id'])
    .execute();
  await db.schema
    .createTable('query_spend_cursors')
    .addColumn('copy', 'text', (c) => c.notNull().primaryKey())
    .addColumn('seal', 'bigint', (c) => c.notNull())
    .execute();
}
