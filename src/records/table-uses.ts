import type { LedgerReader } from '../ledger/ledger.ts';
import type { Decision } from '../vocabulary/decision.ts';
import { tableName } from '../vocabulary/table.ts';
import type { TimeSpan } from '../vocabulary/time-span.ts';
import { decisionFrom } from './rows.ts';
import { slicesOf } from './slices.ts';

/**
 * Whether a name means a table, either in full or from the dataset on; a star at the end of the name matches anything.
 * @param name `project.dataset.table`
 */
export function matchesTable(pattern: string, name: string): boolean {
  const from = name.indexOf(pattern.replace(/\*$/, ''));
  const begins = from === 0 || (from > 0 && name[from - 1] === '.');
  return begins && (pattern.endsWith('*') || from + pattern.length === name.length);
}

/**
 * Decisions on queries that read a table or name it: the SQL names a view, which the warehouse resolves away. Oldest
 * first, a page at a time.
 */
export async function* decisionsUsingTable(
  db: LedgerReader,
  pattern: string,
  range: TimeSpan,
): AsyncGenerator<readonly Decision[]> {
  const tableId = pattern.slice(pattern.lastIndexOf('.') + 1);
  const written = JSON.stringify(tableId.replace(/\*$/, '')).slice(1, -1);
  for await (const { fromMs, toMs } of slicesOf(db, 'decisions', range, null)) {
    const rows = await db
      .selectFrom('decisions')
      .selectAll()
      .where('at_ms', '>=', fromMs)
      .where('at_ms', '<', toMs)
      .where('details', 'like', `%"tableId":"${written}${tableId.endsWith('*') ? '' : '"'}%`)
      .orderBy('at_ms')
      .execute();
    // The statement may also find other datasets, or other spellings in case.
    yield rows
      .map(decisionFrom)
      .filter((decision) => namesOf(decision).some((name) => matchesTable(pattern, name)));
  }
}

function namesOf({ estimate, reading }: Decision): readonly string[] {
  return [...(estimate?.referencedTables ?? []), ...reading.tables.map(({ table }) => table)].map(tableName);
}

/** Decisions made up for jobs that bypassed guardrail; the tables that they read are not recorded. */
export async function unguardedDecisions(
  db: LedgerReader,
  { fromMs, toMs }: TimeSpan,
): Promise<readonly Decision[]> {
  const rows = await db
    .selectFrom('decisions')
    .selectAll()
    .where('at_ms', '>=', BigInt(fromMs))
    .where('at_ms', '<', BigInt(toMs))
    .where('outcome', '=', 'unguarded')
    .execute();
  return rows.map(decisionFrom);
}

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
