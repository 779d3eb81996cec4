import type { LedgerReader } from '../../ledger/ledger.ts';

/** How many IDs a page has, but for the last. */
export const IDS_AT_ONCE = 1_000;

/** Pages in the database's own order. Nothing comes after IDs that are not text: SQLite sorts those last. */
export async function* pagesOf(
  pageAfter: (after: string | null) => Promise<readonly string[]>,
): AsyncGenerator<readonly string[], void> {
  let after: string | null = null;
  for (;;) {
    const page: readonly string[] = await pageAfter(after);
    if (page.length > 0) yield page;
    const last: string | undefined = page.findLast(isText);
    if (page.length < IDS_AT_ONCE || last === undefined || last === after) return;
    after = last;
  }
}

/** The decisions that rows of a table belong to, each once. */
export function decisionIdPages(
  db: LedgerReader,
  table: 'decision_tables' | 'settlements',
): AsyncGenerator<readonly string[], void> {
  return pagesOf(async (after) => {
    const ids = db
      .selectFrom(table)
      .select('decision_id')
      .distinct()
      .orderBy('decision_id')
      .limit(IDS_AT_ONCE);
    const rows = await (after === null ? ids : ids.where('decision_id', '>', after)).execute();
    return rows.map(({ decision_id }) => decision_id);
  });
}

/** SQLite could hold other types. */
export function isText(id: unknown): boolean {
  return typeof id === 'string';
}
