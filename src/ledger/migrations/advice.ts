import { type Kysely, sql } from 'kysely';

/** Other forms of refused queries, as they were offered. */
export async function addRewrites(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('rewrites')
    .addColumn('decision_id', 'text', (c) => c.notNull())
    .addColumn('position', 'bigint', (c) => c.notNull())
    .addColumn('fingerprint', 'text', (c) => c.notNull())
    .addColumn('content', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('rewrites_key', ['decision_id', 'position'])
    .execute();
  await db.schema.createIndex('rewrites_fingerprint').on('rewrites').column('fingerprint').execute();
}

/** Refusals are a small part of all decisions, and are found without reading the rest. */
export async function indexRefusals(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('decisions_refused')
    .on('decisions')
    .column('at_ms')
    .where(sql.ref('outcome'), '=', sql.lit('refused'))
    .execute();
}
