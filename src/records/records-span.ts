import type { LedgerReader } from '../ledger/ledger.ts';

/** How far back records go. */
export interface RecordsSpan {
  /** When the first decision still kept was made; null if there is none. */
  readonly firstMs: number | null;
  /** When the last one was made. */
  readonly lastMs: number | null;
}

/** The time span in which the books hold decisions. */
export async function recordsSpan(db: LedgerReader): Promise<RecordsSpan> {
  return { firstMs: await atTheEnd(db, 'asc'), lastMs: await atTheEnd(db, 'desc') };
}

/** SQLite finds either end by the index; for both in one statement, it would read every decision. */
async function atTheEnd(db: LedgerReader, order: 'asc' | 'desc'): Promise<number | null> {
  const row = await db
    .selectFrom('decisions')
    .select('at_ms')
    .where('outcome', '<>', 'unguarded')
    .orderBy('at_ms', order)
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : Number(row.at_ms);
}
