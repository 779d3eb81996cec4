import type { CatalogEntry } from '../../vocabulary/table.ts';
import type { TeamReads } from '../../vocabulary/table-reads.ts';

/** How often a dashboard read a table. Names are unique within a tool only. */
export interface DashboardUse {
  readonly tool: string;
  readonly dashboard: string;
  readonly queries: number;
}

/** Which columns of a table the queries that ran use. */
export interface ColumnsUse {
  /** The columns that queries name, most named first, in lower case. */
  readonly named: readonly { readonly column: string; readonly queries: number }[];
  /** Queries that take all columns. */
  readonly allQueries: number;
  /** Queries that do not say which they use: through a view, or in SQL that no parser reads well enough. */
  readonly unknownQueries: number;
  /**
   * Columns that no query used. Null if that is not known: either the table's columns are not, or some query does not
   * tell.
   */
  readonly unused: readonly string[] | null;
}

/** One table, view or pattern of the catalog or of the queries. */
export interface CatalogTable {
  readonly table: string;
  /** Also `unknown` if the catalog does not list it. */
  readonly status: CatalogEntry['status'];
  readonly inCatalog: boolean;
  readonly owner: string | null;
  readonly replacement: string | null;
  /** `table` according to the warehouse; `view or pattern` as named in the SQL; null if nobody read it. */
  readonly readAs: 'table' | 'view or pattern' | null;
  readonly queries: number;
  readonly lastReadMs: number | null;
  readonly teams: readonly TeamReads[];
  /** The number of persons named by the tools. */
  readonly persons: number;
  /** The number of e-mail addresses confirmed by the warehouse. */
  readonly principals: number;
  readonly dashboards: readonly DashboardUse[];
  readonly columns: ColumnsUse;
}

/** The tables of the catalog and of the records, side by side. */
export interface CatalogReport {
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  readonly madeAtMs: number;
  /** Since when records are kept; null if there are none. Anything earlier is only in the teams' spend. */
  readonly recordsSinceMs: number | null;
  /**
   * The most expensive first, then by name. Amounts in different currencies cannot be compared, so it goes by bytes
   * billed.
   */
  readonly tables: readonly CatalogTable[];
}
