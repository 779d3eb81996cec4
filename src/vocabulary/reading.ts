import type { AntiPatternFinding } from './antipattern.ts';
import type { TableReference } from './table.ts';

/** Which parser read the SQL; `none` where neither could. */
type SqlReader = 'polyglot' | 'node-sql-parser' | 'none';

export type FunctionRows = 'some columns' | 'all columns';

/** What the SQL itself says, before the warehouse is asked. */
export interface SqlReading {
  readonly reader: SqlReader;
  /** Why no reader could read it; null where one could. */
  readonly unreadReason: string | null;
  /** The leading statement's keyword, `SELECT`, `CREATE TABLE` …; `UNKNOWN` where unread. */
  readonly statement: string;
  /** Base tables with CTEs and aliases resolved, each once. Views stay views here: the dry run resolves them. */
  readonly tables: readonly TableUse[];
  /** Tables and views that statements fill, change or make, temporary ones left out; absent where that was not read. */
  readonly writes?: readonly TableReference[];
  /** True where a star selects columns of any table, or of what a function gives (`*`, `t.*`; not `COUNT(*)`). */
  readonly star: boolean;
  /**
   * That rows come from functions of tables, and whether some SELECT takes all of their columns; what tables these read does
   * not stand in the SQL. Absent where none do, where that was not read, and in records of before it was.
   */
  readonly functionRows?: FunctionRows;
  /** The outermost LIMIT where it is a literal, else null. */
  readonly limit: number | null;
  /**
   * How many of what stands in FROM clauses joins the rest by comma, by CROSS JOIN, or by a JOIN without ON or USING.
   * Arrays of the rows beside them (`UNNEST(t.items)`) do not count; a condition in WHERE is not looked for. Where
   * polyglot does not read the SQL, a number that is not too small.
   */
  readonly joinsWithoutCondition: number;
  /** Queries inside others, common tables and operands of UNION apart. Where polyglot does not read, not too small. */
  readonly subqueries: number;
  /** Functions and routines that are called, in upper case, each once, `SAFE.` left out; of unread SQL as well. */
  readonly functions: readonly string[];
  readonly antiPatterns: readonly AntiPatternFinding[];
  /**
   * Hex digest that is the same for queries that differ only in literals, comments, white space or case of
   * keywords: "the same query" over time.
   */
  readonly fingerprint: string;
}

/** Why a job is unread that loads, copies or takes out a table. */
export const NO_SQL = 'the job holds no SQL';

/**
 * The reading of a job whose SQL is not there.
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
  /** True where a star takes all of its columns. */
  readonly star: boolean;
  readonly projected: readonly string[];
  readonly filtered: readonly string[];
  readonly joined: readonly string[];
  readonly grouped: readonly string[];
}
