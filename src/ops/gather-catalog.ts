import type { Policy } from '../policy/policy.ts';
import type { Records } from '../records/records.ts';
import type { SpendRow } from '../records/spend/spend-query.ts';
import { catalogReport } from '../reports/catalog/make-report.ts';
import type { CatalogReport } from '../reports/catalog/report.ts';
import type { TeamReads } from '../vocabulary/table-reads.ts';
import type { TimeSpan } from '../vocabulary/time-span.ts';

/** What the report is made of. */
export type CatalogRecords = Pick<Records, 'spendBy' | 'tableReads' | 'recordsSpan'>;

/** The time span of the report, and what else it needs. */
export interface CatalogQuery extends TimeSpan {
  readonly nowMs: number;
  /** Resolves to the columns of these tables, in lower case, where they can be known. */
  readonly columnsOf?: (tables: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>;
}

/**
 * Brings together what the policy files say about tables and what the records say about their readers. @throws
 * LedgerError
 */
export async function gatherCatalog(
  records: CatalogRecords,
  policy: Pick<Policy, 'catalogEntries' | 'catalogEntry'>,
  { fromMs, toMs, nowMs, columnsOf = async () => new Map() }: CatalogQuery,
): Promise<CatalogReport> {
  const spend = byTable(await records.spendBy({ by: ['table', 'team'], fromMs, toMs }));
  const reads = await records.tableReads({ fromMs, toMs });
  return catalogReport({
    fromMs,
    toMs,
    madeAtMs: nowMs,
    recordsSinceMs: (await records.recordsSpan()).firstMs,
    entries: policy.catalogEntries,
    entryOf: policy.catalogEntry,
    reads,
    spend,
    columns: await columnsOf([...spend.keys()]),
  });
}

/** By the table that was read; queries that read none are left out. */
function byTable(rows: readonly SpendRow[]): ReadonlyMap<string, readonly TeamReads[]> {
  const uses = new Map<string, TeamReads[]>();
  for (const { keys, currency, queries, bytesBilled, costMicros } of rows) {
    const [table, team] = keys;
    if (table === null || table === undefined) continue;
    const own = uses.get(table) ?? [];
    own.push({ team: team ?? '', currency, queries, bytesBilled, costMicros });
    uses.set(table, own);
  }
  return uses;
}
