import type { Qualifiable } from '../syntax/qualified-rows.ts';
import type { Parts } from '../syntax/syntax-parts.ts';
import { NotFollowed } from './allowance.ts';
import { blockFilters, distinct, filterIfOwn, type Mention, type Origin } from './origins.ts';

/** A mention of a table, any of whose columns may be named. */
export interface StarTable {
  readonly mention: Mention;
  /** The columns whose filters filter the table; null for all. */
  readonly filterable: ReadonlySet<string> | null;
  /** The columns that EXCEPT leaves out, if there are any. */
  readonly excluded?: ReadonlySet<string>;
}

export interface Column {
  /** In lower case; empty if the SQL gives none. */
  readonly name: string;
  readonly origins: readonly Origin[];
  /**
   * Where it stands among the columns of tables that are all present; left out if before them, or if there are none. PIVOT and
   * the like put columns anywhere.
   */
  readonly place?: 'within star' | 'after star' | 'anywhere';
}

/** What a query, a common table or a table gives to the query around it. */
export interface Rows {
  /** By position, as far as the SQL names them. */
  readonly columns: readonly Column[];
  /**
   * Tables whose columns are all present too, whatever their names: joined tables side by side, and tables stacked by
   * UNION in one list, where a column belongs to each of them.
   */
  readonly starTables: readonly (readonly StarTable[])[];
  /** True if there may be columns that the SQL does not mention, for example from a table function. */
  readonly opaque: boolean;
}

/** Rows in scope, with what may qualify them. */
export interface NamedRows extends Qualifiable {
  readonly rows: Rows;
  /** True if these are the columns of USING, which stand for those of that name on either side. */
  readonly areMerged?: true;
  /** True if these are the rows of a wildcard table. */
  readonly areOfWildcard?: true;
}

/** The items in FROM, followed by those in FROM of the queries around. */
export type RowScope = readonly (readonly NamedRows[])[];

export const NO_ROWS: Rows = { columns: [], starTables: [], opaque: false };
export const UNKNOWN_ROWS: Rows = { ...NO_ROWS, opaque: true };

/**
 * Rows stacked by a set operation, column by column: by name or by position, as far as these are known. A star over one
 * table is assumed to have the columns of a star over another, in the same order; if more columns follow one of the stars, the
 * other's table is assumed to have as many more at its end, unless EXCEPT takes other columns from it.
 */
export function unionRows(upper: Rows, lower: Rows, byName: boolean): Rows {
  const columns = [...upper.columns, ...lower.columns];
  const stars = [...upper.starTables, ...lower.starTables];
  const isAlike = upper.starTables.length === lower.starTables.length && upper.starTables.length <= 1;
  const starTables = isAlike && stars.length > 0 ? [stars.flat()] : stars;
  const opaque = upper.opaque || lower.opaque || !isAlike;
  if (byName) return { columns: mergedByName(columns), starTables, opaque };
  const stacked = opaque ? null : stackedColumns(upper, lower);
  return stacked === null
    ? { columns: columns.map(blockColumnFilters), starTables, opaque: true }
    : { columns: stacked, starTables, opaque };
}

/** Columns of tables behind a star that are looked up by name for one UNION; a long chain of them does it again and again. */
const MOST_STACKED = 5_000;

/** The columns with what stands below each of them; null if that is not known. */
function stackedColumns(upper: Rows, lower: Rows): readonly Column[] | null {
  if ([...upper.columns, ...lower.columns].some(({ place }) => place === 'anywhere'))
    return areNamedAlike(upper, lower)
      ? upper.columns.map((column, index) => stackedOn(column, lower.columns[index]))
      : null;
  const [above, below] = [columnsByPlace(upper), columnsByPlace(lower)];
  if (upper.starTables.length > 0 && above.before.length !== below.before.length) return null;
  const within = new Set([...above.within.keys(), ...below.within.keys()]);
  const more = above.after.length - below.after.length;
  const tables = [...upper.starTables, ...lower.starTables].flat();
  if ((within.size + Math.abs(more)) * tables.length > MOST_STACKED) return null;
  // `* EXCEPT (x), x` has the columns of a table, but in another order.
  if (more !== 0 && leftOutOf(tables).length > 1) return null;
  const [upperMore, lowerMore] = [Math.max(more, 0), Math.max(-more, 0)];
  return [
    ...above.before.map((column, index) => stackedOn(column, below.before[index])),
    ...[...within].map((name) =>
      stackedOn(
        above.within.get(name) ?? starColumn(upper, name),
        below.within.get(name) ?? starColumn(lower, name),
      ),
    ),
    // The last columns of a star have names that nobody knows; those of the result are the upper ones' names.
    ...below.after
      .slice(0, lowerMore)
      .map((column) => stackedOn(afterStar(starColumn(upper, column.name)), blockColumnFilters(column))),
    ...above.after
      .slice(0, upperMore)
      .map((column) => stackedOn(column, blockColumnFilters(starColumn(lower, column.name)))),
    ...above.after.slice(upperMore).map((column, index) => stackedOn(column, below.after[lowerMore + index])),
  ];
}

function areNamedAlike(upper: Rows, lower: Rows): boolean {
  return (
    upper.columns.length === lower.columns.length &&
    upper.columns.every(({ name, place }, index) => {
      const other = lower.columns[index];
      return name === other?.name && place === other.place;
    })
  );
}

/** What EXCEPT leaves out of tables, each set of names once. */
export function leftOutOf(tables: readonly StarTable[]): readonly ReadonlySet<string>[] {
  const sets = tables.map(({ excluded = new Set<string>() }) => excluded);
  return [...new Map(sets.map((names) => [JSON.stringify([...names].toSorted()), names])).values()];
}

function columnsByPlace({ columns }: Rows) {
  const at = (place: Column['place']) => columns.filter((column) => column.place === place);
  return {
    before: at(undefined),
    within: new Map(at('within star').map((column) => [column.name, column])),
    after: at('after star'),
  };
}

function stackedOn(column: Column, other: Column | undefined): Column {
  return { ...column, origins: distinct([...column.origins, ...(other?.origins ?? [])]) };
}

/** A column of the tables whose columns are all present. */
function starColumn(rows: Rows, name: string): Column {
  return { name, place: 'within star', origins: columnOf({ ...rows, columns: [] }, name) };
}

/** Columns of one name as one; those without a name as they are. */
function mergedByName(columns: readonly Column[]): readonly Column[] {
  const byName = Map.groupBy(columns, (column) => (column.name === '' ? column : column.name));
  return [...byName.values()].map(([first, ...others]) => ({
    name: '',
    ...first,
    origins: distinct([first, ...others].flatMap((column) => column?.origins ?? [])),
  }));
}

function blockColumnFilters(column: Column): Column {
  return { ...column, origins: blockFilters(column.origins) };
}

/**
 * BigQuery's own limit on the columns of a result. A query that joins itself with a star again and again exceeds it.
 */
const MAX_COLUMNS = 10_000;

/**
 * Rows of a join, or of a select list.
 * @throws NotFollowed if they have more columns than a result may have
 */
export function joinRows(parts: readonly { readonly rows: Rows }[]): Rows {
  const firstStar = parts.findIndex(({ rows }) => rows.starTables.length > 0);
  const columns = parts.flatMap(({ rows }, index) =>
    firstStar !== -1 && index > firstStar ? rows.columns.map(afterStar) : rows.columns,
  );
  const starTables = [...new Set(parts.flatMap(({ rows }) => rows.starTables))];
  if (columns.length > MAX_COLUMNS)
    throw new NotFollowed(`a part of it has more than ${MAX_COLUMNS} columns`);
  return { columns, starTables, opaque: parts.some(({ rows }) => rows.opaque) };
}

function afterStar(column: Column): Column {
  return column.place === 'anywhere' ? column : { ...column, place: 'after star' };
}

/** The rows of a star over all items in FROM: the columns of USING come first, and once. */
export function rowsOfLevel(level: readonly NamedRows[]): Rows {
  const merged = level.filter(({ areMerged }) => areMerged).flatMap(({ rows }) => rows.columns);
  // A later USING of the same name is over the rows of an earlier one.
  const columns = new Map(merged.map((column): [string, Column] => [column.name, column]));
  const others = level.filter(({ areMerged }) => !areMerged);
  const rest = others.map(({ rows }) => ({
    rows: { ...rows, columns: rows.columns.filter(({ name }) => !columns.has(name)) },
  }));
  return joinRows([{ rows: { ...NO_ROWS, columns: [...columns.values()] } }, ...rest]);
}

/** MATCH_RECOGNIZE qualifies columns by the symbols of its pattern, each of which stands for rows of the input. */
export function patternRows({ pattern }: Parts, level: readonly NamedRows[]): readonly NamedRows[] {
  const symbols = typeof pattern === 'string' ? pattern.toLowerCase().match(/[a-z_]\w*/g) : null;
  return [...new Set(symbols)].map((name) => ({ name, path: null, rows: joinRows(level) }));
}

/** The origins of the columns that are known by name. */
export function originsOf(rows: Rows): readonly Origin[] {
  return rows.columns.flatMap(({ origins }) => origins);
}

/** The origins of a column of these rows. Where it may be one of several columns, a filter on it filters no table. */
export function columnOf(rows: Rows, name: string): readonly Origin[] {
  const named = rows.columns.filter((column) => column.name === name);
  if (named.length === 1) return named.flatMap(({ origins }) => origins);
  if (named.length > 1) return blockFilters(named.flatMap(({ origins }) => origins));
  const [only, ...others] = rows.starTables;
  if (only === undefined) return [];
  const origins = rows.starTables.flatMap((tables) => columnOfEach(tables, name));
  if (rows.opaque) return blockFilters(origins);
  return others.length > 0 ? filterIfOwn(origins) : origins;
}

function columnOfEach(tables: readonly StarTable[], name: string): readonly Origin[] {
  const having = tables.filter(({ excluded }) => !excluded?.has(name));
  return having.map(({ mention, filterable }) => ({
    mention,
    column: name,
    filtersBlocked: filterable !== null && !filterable.has(name),
  }));
}
