import type { Kysely } from 'kysely';

/** Rows to lock for what is done by one after the other and decides on rows that are not there yet. */
export async function addTurns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('turns')
    .addColumn('name', 'text', (c) => c.notNull().primaryKey())
    .execute();
}
