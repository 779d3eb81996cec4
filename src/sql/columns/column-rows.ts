import { namesCalledBy } from '../syntax/syntax-parts.ts';
/** How one mention of a table in FROM uses its columns; names in lower case. */
export interface Mention {
  readonly projected: Set<string>;
  readonly filtered: Set<string>;
  readonly joined: Set<string>;
  readonly grouped: Set<string>;
}

/** A column of a table, as read by one mention of it. */
export interface Origin {
  readonly mention: Mention;
  readonly column: string;
  /** True if a filter on the derived column does not filter the table: BigQuery applies it after reading. */
  readonly barred: boolean;
}

/** A mention of a table, any of whose columns may be named. */
export interface OpenTable {
  readonly mention: Mention;
  /** The columns whose filters filter the table; null for all. */
  readonly filterable: ReadonlySet<string> | null;
}

export interface Column {
  /** In lower case; empty if the SQL gives none. */
  readonly name: string;
  readonly origins: readonly Origin[];
}

/** What a query, a common table or a table gives to the query around it. */
export interface Rows {
  /** By position, as far as the SQL names them. */
  readonly columns: readonly Column[];
  /**
   * Tables whose columns are all present too, whatever their names: joined tables side by side, and tables stacked by
   * UNION in one list, where a column belongs to each of them.
   */
  readonly open: readonly (readonly OpenTable[])[];
  /** True if there may be columns that the SQL does not mention, for example from a table function. */
  readonly opaque: boolean;
}

/** Rows in scope, with the name that qualifies them; null if there is none. */
export interface Named {
  readonly name: string | null;
  readonly rows: Rows;
}

/** The items in FROM, followed by those in FROM of the queries around. */
export type Sight = readonly (readonly Named[])[];

export const NO_ROWS: Rows = { columns: [], open: [], opaque: false };
export const UNKNOWN_ROWS: Rows = { ...NO_ROWS, opaque: true };

export function mentionNothing(): Mention {
  return { projected: new Set(), filtered: new Set(), joined: new Set(), grouped: new Set() };
}

/**
 * Rows stacked by a set operation, column by column: by name or by position, as far as these are known. A star over one
 * table is assumed to have as many columns as a star over another, in the same order.
 */
export function stacked(upper: Rows, lower: Rows, byName: boolean): Rows {
  const columns = [...upper.columns, ...lower.columns];
  const stars = [...upper.open, ...lower.open];
  const isAlike = upper.open.length === lower.open.length && upper.open.length <= 1;
  const open = isAlike && stars.length > 0 ? [stars.flat()] : stars;
  const opaque = upper.opaque || lower.opaque || !isAlike;
  if (byName) return { columns, open, opaque };
  const arePlaced = open.length === 0 || upper.columns.length === lower.columns.length;
  if (opaque || !arePlaced) return { columns: columns.map(barredColumn), open, opaque: true };
  const placed = upper.columns.map(({ name, origins }, index) => ({
    name,
    origins: distinct([...origins, ...(lower.columns[index]?.origins ?? [])]),
  }));
  return { columns: placed, open, opaque };
}

function barredColumn({ name, origins }: Column): Column {
  return { name, origins: barred(origins) };
}

/**
 * BigQuery's own limit on the columns of a result. A query that joins itself with a star again and again exceeds it.
 */
const MOST_COLUMNS = 10_000;

/** Rows of a join, or of a select list. */
export function sideBySide(parts: readonly { readonly rows: Rows }[]): Rows {
  const columns = parts.flatMap(({ rows }) => rows.columns);
  const open = [...new Set(parts.flatMap(({ rows }) => rows.open))];
  const opaque = parts.some(({ rows }) => rows.opaque);
  return columns.length > MOST_COLUMNS ? { columns: [], open, opaque: true } : { columns, open, opaque };
}

/**
 * Each column of each mention only once, barred if it is barred everywhere, so that lists do not grow with each level
 * that combines them.
 */
export function distinct(origins: readonly Origin[]): readonly Origin[] {
  if (origins.length < 2) return origins;
  const known = new Map<Mention, Map<string, boolean>>();
  for (const { mention, column, barred } of origins) {
    const columns = known.get(mention) ?? new Map<string, boolean>();
    known.set(mention, columns.set(column, barred && columns.get(column) !== false));
  }
  return [...known].flatMap(([mention, columns]) =>
    [...columns].map(([column, barred]) => ({ mention, column, barred })),
  );
}

/** The same, but no filter on it filters a table. */
export function barred(origins: readonly Origin[]): readonly Origin[] {
  return origins.map((origin) => ({ ...origin, barred: true }));
}

/** The origins of the columns that are known by name. */
export function originsOf(rows: Rows): readonly Origin[] {
  return rows.columns.flatMap(({ origins }) => origins);
}

/** The origins of a column that these rows are known to have. */
export function columnOf(rows: Rows, name: string): readonly Origin[] {
  const named = rows.columns.filter((column) => column.name === name);
  if (named.length > 0) return named.flatMap(({ origins }) => origins);
  const [only, ...others] = rows.open;
  if (only === undefined || others.length > 0 || rows.opaque) return [];
  return only.map(({ mention, filterable }) => ({
    mention,
    column: name,
    barred: filterable !== null && !filterable.has(name),
  }));
}

/**
 * The origins of `table.name`, or of `name` alone; empty if that is not certain. A row of an outer query is the same
 * for each row here, and a filter here excludes none of it there.
 */
export function found(sight: Sight, table: string | null, name: string): readonly Origin[] {
  if (table === null) return foundAlone(sight, name);
  for (const level of sight) {
    const called = calledSo(level, table);
    if (called !== undefined) return ofLevel(level, sight, columnOf(called.rows, name));
  }
  // Then it is a field of a column.
  return foundAlone(sight, table);
}

function calledSo(level: readonly Named[], table: string): Named | undefined {
  const [whole, last] = namesCalledBy(table);
  return level.find(({ name }) => name === whole) ?? level.find(({ name }) => name === last);
}

function foundAlone(sight: Sight, name: string): readonly Origin[] {
  for (const level of sight) {
    const having = level.filter(({ rows }) => rows.columns.some((column) => column.name === name));
    const [only] = having;
    if (only !== undefined)
      return having.length === 1 ? ofLevel(level, sight, columnOf(only.rows, name)) : [];
    // The row itself.
    if (level.some((named) => named.name === name)) return [];
    const possible = level.filter(({ rows }) => rows.open.length > 0 || rows.opaque);
    const [one] = possible;
    if (one !== undefined)
      return possible.length === 1 ? ofLevel(level, sight, columnOf(one.rows, name)) : [];
  }
  return [];
}

function ofLevel(level: readonly Named[], [here]: Sight, origins: readonly Origin[]): readonly Origin[] {
  return level === here ? origins : barred(origins);
}
