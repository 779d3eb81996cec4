import { sql } from 'kysely';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { type Slice, slicesOf } from '../../ledger/statements/slices.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';
import type { DecisionRecord } from '../decisions/decision-record.ts';
import { isLatestVersion } from '../latest-version.ts';
import { decisionFrom, settlementFrom } from '../rows.ts';

/** The most of one page that is in memory; more if a single record is larger. */
const PAGE_ROWS = 1_000;
const PAGE_BYTES = 8n << 20n;

/** Every decision of a time span, with the settlement that stands, oldest first, in pages of bounded size. */
export async function* readRecords(
  db: LedgerReader,
  range: TimeSpan,
): AsyncGenerator<readonly DecisionRecord[]> {
  for await (const slice of slicesOf(db, 'decisions', range)) {
    for (const ids of pagesOf(await sizesIn(db, slice))) yield recordsOf(db, ids);
  }
}

/** The size of each decision's texts, which may be megabytes of SQL. */
function sizesIn(db: LedgerReader, slice: Slice) {
  return db
    .selectFrom('decisions')
    .select(['id', sql<bigint>`cast(octet_length(sql) + octet_length(details) as bigint)`.as('bytes')])
    .where('at_ms', '>=', slice.fromMs)
    .where('at_ms', '<', slice.toMs)
    .orderBy('at_ms')
    .orderBy('id')
    .execute();
}

function* pagesOf(
  sizes: readonly { readonly id: string; readonly bytes: bigint }[],
): Generator<readonly string[]> {
  let page: string[] = [];
  let pageBytes = 0n;
  for (const { id, bytes } of sizes) {
    if (page.length === PAGE_ROWS || (page.length > 0 && pageBytes + bytes > PAGE_BYTES)) {
      yield page;
      page = [];
      pageBytes = 0n;
    }
    page.push(id);
    pageBytes += bytes;
  }
  if (page.length > 0) yield page;
}

async function recordsOf(db: LedgerReader, ids: readonly string[]): Promise<readonly DecisionRecord[]> {
  const decisions = await db
    .selectFrom('decisions')
    .selectAll()
    .where('id', 'in', ids)
    .orderBy('at_ms')
    .orderBy('id')
    .execute();
  const settlements = await db
    .selectFrom('settlements')
    .selectAll()
    .where('decision_id', 'in', ids)
    .where(isLatestVersion)
    .execute();
  const byDecision = new Map(settlements.map((row) => [row.decision_id, settlementFrom(row)]));
  return decisions.map((row) => ({ ...decisionFrom(row), settlement: byDecision.get(row.id) ?? null }));
}
