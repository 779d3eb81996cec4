import { compare } from '../../foundation/lists/compare.ts';
import type { CatalogEntry } from '../../vocabulary/table.ts';
import type { TableReads, TeamReads } from '../../vocabulary/table-reads.ts';
import type { CatalogReport, CatalogTable, ColumnsUse, DashboardUse } from './report.ts';

/** From the records; the number of queries comes from the spend, which goes further back. */
export type RecordedReads = Omit<TableReads, 'queries'>;

/** What a report is made from. */
export interface CatalogSources extends Omit<CatalogReport, 'tables'> {
  readonly entries: readonly CatalogEntry[];
  readonly entryOf: (table: string) => CatalogEntry | null;
  readonly reads: ReadonlyMap<string, RecordedReads>;
  /** By table only, including days whose records are pruned. */
  readonly spend: ReadonlyMap<string, readonly TeamReads[]>;
  /** The columns of tables, in lower case, where they are known. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

/** Every table that the catalog names, and every one that was read. */
export function catalogReport(sources: CatalogSources): CatalogReport {
  const { fromMs, toMs, madeAtMs, recordsSinceMs, entries, reads, spend } = sources;
  const tablesInFiles = entries.map(({ table }) => table).filter((table) => !table.endsWith('*'));
  const names = new Set([...tablesInFiles, ...spend.keys(), ...reads.keys()]);
  const tables = [...names].map((name) => tableOf(name, sources)).toSorted(inOrder);
  return { fromMs, toMs, madeAtMs, recordsSinceMs, tables };
}

function tableOf(table: string, { entryOf, reads, spend, columns }: CatalogSources): CatalogTable {
  const entry = entryOf(table);
  const read = reads.get(table);
  const teams = (spend.get(table) ?? [...(read?.teams.values() ?? [])]).toSorted(byBytes);
  return {
    table,
    status: entry?.status ?? 'unknown',
    inCatalog: entry !== null,
    owner: entry?.owner ?? null,
    replacement: entry?.replacement ?? null,
    readAs: readAs(read, spend.has(table)),
    queries: teams.reduce((sum, { queries }) => sum + queries, 0),
    lastReadMs: read?.lastMs ?? null,
    teams,
    persons: read?.persons.size ?? 0,
    principals: read?.principals.size ?? 0,
    dashboards: [...(read?.dashboards ?? [])].map(dashboardOf).toSorted(byQueries),
    columns: columnsOf(read, columns.get(table) ?? null),
  };
}

function readAs(read: RecordedReads | undefined, isSpentOn: boolean): CatalogTable['readAs'] {
  if (isSpentOn || read?.isResolved === true) return 'table';
  return read === undefined ? null : 'view or pattern';
}

function dashboardOf([key, queries]: readonly [string, number]): DashboardUse {
  // The records write these keys, as `[tool, dashboard]`.
  const [tool = '', dashboard = ''] = JSON.parse(key) as readonly string[];
  return { tool, dashboard, queries };
}

function columnsOf(read: RecordedReads | undefined, known: readonly string[] | null): ColumnsUse {
  const named = [...(read?.columns ?? [])]
    .map(([column, queries]) => ({ column, queries }))
    .toSorted((a, b) => b.queries - a.queries || compare(a.column, b.column));
  const allQueries = read?.allColumns ?? 0;
  const unknownQueries = read?.unknownColumns ?? 0;
  // Using a field of a record uses the record's column.
  const used = new Set(named.map(({ column }) => column.split('.')[0]));
  const areColumnsKnown = known !== null && allQueries === 0 && unknownQueries === 0;
  return {
    named,
    allQueries,
    unknownQueries,
    unused: areColumnsKnown ? known.filter((one) => !used.has(one)) : null,
  };
}

function inOrder(a: CatalogTable, b: CatalogTable): number {
  const bytes = ({ teams }: CatalogTable) => teams.reduce((sum, { bytesBilled }) => sum + bytesBilled, 0n);
  return compare(bytes(b), bytes(a)) || b.queries - a.queries || compare(a.table, b.table);
}

function byBytes(a: TeamReads, b: TeamReads): number {
  return compare(b.bytesBilled, a.bytesBilled) || compare(a.team, b.team) || compare(a.currency, b.currency);
}

function byQueries(a: DashboardUse, b: DashboardUse): number {
  return b.queries - a.queries || compare(a.tool, b.tool) || compare(a.dashboard, b.dashboard);
}
