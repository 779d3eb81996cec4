import type { AntiPatternFinding } from './antipatterns/antipattern.ts';
import type { RoutineReference } from './routine.ts';
import type { SuffixCondition } from './suffixes.ts';
import type { TableReference } from './table.ts';

/** The parser that read the SQL; `none` if neither could. */
type SqlReader = 'polyglot' | 'node-sql-parser' | 'none';

export type FunctionRows = 'some columns' | 'all columns';

/** What the SQL itself says, before the warehouse is asked. */
export interface SqlReading {
  readonly reader: SqlReader;
  /** Why no reader could read it; null if one could. */
  readonly unreadReason: string | null;
  /** The leading statement's keyword, `SELECT`, `CREATE TABLE` …; `UNKNOWN` if unread. */
  readonly statement: string;
  /** Base tables with CTEs and aliases resolved, each once. Views stay views here: the dry run resolves them. */
  readonly tables: readonly TableUse[];
  /** Tables and views that statements fill, change or create, without temporary ones; absent if that was not read. */
  readonly writes?: readonly TableReference[];
  /**
   * True if a star selects columns of any table, or of a function's result (`*`, `t.*`; not `COUNT(*)`), or a row is
   * taken whole.
   */
  readonly star: boolean;
  /**
   * Says that rows come from table functions, and whether some SELECT takes all of their columns; the SQL does not say
   * which tables these functions read. Absent if there are none, if that was not read, and in records from before it
   * was.
   */
  readonly functionRows?: FunctionRows;
  /** The outermost LIMIT if it is a literal, otherwise null. */
  readonly limit: number | null;
  /**
   * How many items in FROM clauses are joined by comma, by CROSS JOIN, or by a JOIN without ON or USING. Arrays in
   * neighbouring rows (`UNNEST(t.items)`) do not count; a condition in WHERE is not considered. An upper bound if
   * polyglot does not read the SQL.
   */
  readonly joinsWithoutCondition: number;
  /**
   * Queries inside others, not counting common tables and operands of UNION. An upper bound if polyglot does not read
   * the SQL.
   */
  readonly subqueries: number;
  /** Functions and routines that are called, in upper case, each once, without `SAFE.`; also for unread SQL. */
  readonly functions: readonly string[];
  /** Those of them that are the company's own, as far as their names have a dataset; absent if the SQL was not parsed. */
  readonly routines?: readonly RoutineReference[];
  readonly antiPatterns: readonly AntiPatternFinding[];
  /**
   * A hex digest that is the same for queries that differ only in literals, comments, white space or case of keywords:
   * "the same query" over time.
   */
  readonly fingerprint: string;
}

/** What is recorded of a reading. */
export type RecordedReading = Omit<SqlReading, 'routines'>;

/** Why a job that loads, copies or extracts a table is unread. */
export const NO_SQL = 'the job holds no SQL';

/** Whether it is the reading of a job with SQL, be it read or not: others load, copy or extract a table. */
export function holdsSql({ unreadReason }: Pick<SqlReading, 'unreadReason'>): boolean {
  return unreadReason !== NO_SQL;
}

/**
 * The reading of a job whose SQL is not available.
 * @param statement what the warehouse says it is
 */
export function readingWithoutSql(
  unreadReason: string,
  { statement, fingerprint }: Pick<SqlReading, 'statement' | 'fingerprint'>,
): SqlReading {
  return {
    reader: 'none',
    unreadReason,
    statement,
    tables: [],
    star: false,
    limit: null,
    joinsWithoutCondition: 0,
    subqueries: 0,
    functions: [],
    antiPatterns: [],
    fingerprint,
  };
}

/** How a query uses one table. Column names are in lower case; BigQuery's are case-insensitive. */
export interface TableUse {
  readonly table: TableReference;
  /** True if a star takes all of its columns, or an expression takes its row whole. */
  readonly star: boolean;
  readonly projected: readonly string[];
  /** Those that keep rows of every read of the table out. */
  readonly filtered: readonly string[];
  /** Others in conditions; absent if there are none, and in records from before they were known. */
  readonly tested?: readonly string[];
  /** Those of `tested` that filter the only read of the table if no other table of the query has such a column. */
  readonly filteredIfOwn?: readonly string[];
  /** A script's variables with which columns that filter are compared, unless a table has a column of that name; absent if there are none. */
  readonly comparedVariables?: readonly string[];
  readonly joined: readonly string[];
  readonly grouped: readonly string[];
  /** True if conditions that never hold, as in `WHERE FALSE`, keep all rows of every read out; absent otherwise. */
  readonly neverRead?: true;
  /** What each table of a wildcard must meet to be read, as far as that is certain; absent if it is not a wildcard. */
  readonly suffixes?: readonly SuffixCondition[];
}
