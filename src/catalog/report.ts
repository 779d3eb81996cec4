import type { CatalogEntry } from '../vocabulary/table.ts';
import type { TeamReads } from '../vocabulary/table-reads.ts';

/** How often a dashboard read a table. Names are unique within a tool only. */
export interface DashboardUse {
  readonly tool: string;
  readonly dashboard: string;
  readonly queries: number;
}

/** Which columns of a table queries take, counted in queries that ran. */
export interface ColumnsUse {
  /** Those that queries name, the most named first, in lower case. */
  readonly named: readonly { readonly column: string; readonly queries: number }[];
  /** Queries that take all columns. */
  readonly allQueries: number;
  /** Queries that do not tell which they take: through a view, or in SQL that no parser reads well enough. */
  readonly untoldQueries: number;
  /** Columns that no query used. Null where that is not known: the table's columns are not, or some query does not tell. */
  readonly unused: readonly string[] | null;
}

/** One table, view or pattern of the catalog or of the queries. */
export interface CatalogTable {
  readonly table: string;
  /** `unknown` also where the catalog does not name it. */
  readonly status: CatalogEntry['status'];
  readonly inCatalog: boolean;
  readonly owner: string | null;
  readonly replacement: string | null;
  /** `table` by the warehouse's word; `view or pattern` as the SQL names it; null where nobody read it. */
  readonly readAs: 'table' | 'view or pattern' | null;
  readonly queries: number;
  readonly lastReadMs: number | null;
  readonly teams: readonly TeamReads[];
  /** How many persons the tools name. */
  readonly persons: number;
  /** How many e-mail addresses the warehouse confirmed. */
  readonly principals: number;
  readonly dashboards: readonly DashboardUse[];
  readonly columns: ColumnsUse;
}

/** The tables of the catalog and of the records beside each other. */
export interface CatalogReport {
  readonly fromMs: number;
  /** Left out. */
  readonly toMs: number;
  readonly madeAtMs: number;
  /** Since when records are kept; null where there are none. What was before is in the spend of teams alone. */
  readonly recordsSinceMs: number | null;
  /** Those that cost most first, then by name; each currency by itself cannot say, so by bytes billed. */
  readonly tables: readonly CatalogTable[];
}
