import type { Kysely } from 'kysely';

/** How far each lineage target has got. */
export async function addLineageCursors(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('lineage_cursors')
    .addColumn('target', 'text', (c) => c.notNull().primaryKey())
    .addColumn('seal', 'bigint', (c) => c.notNull())
    .addColumn('after_id', 'text', (c) => c.notNull())
    .addColumn('claimed_until_ms', 'bigint', (c) => c.notNull().defaultTo(0))
    .addColumn('claims', 'bigint', (c) => c.notNull().defaultTo(0))
    .addColumn('failures', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute();
}
