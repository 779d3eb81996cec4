import type { Select, Source, TableSource } from './queries.ts';
import { reachedBy } from './reach.ts';
import { isStored } from './rows.ts';
import { type ColumnBody, columnsIn, nameOf } from './tree.ts';

/**
 * The stored tables that a column may be of. Several where it is not qualified: BigQuery refuses a name that more
 * than one has, so the table that has such a column is the one.
 */
export function tablesOf(select: Select, column: ColumnBody): readonly TableSource[] {
  const tables = select.sources.filter((source) => source.kind === 'table').filter(isStored);
  if (column.table === null) return tables;
  const qualifier = qualifierOf(column);
  return tables.filter(({ name }) => name === qualifier);
}

/** The one stored table that a column can only be of; undefined where there are several, or none. */
export function tableOf(select: Select, column: ColumnBody): TableSource | undefined {
  const [table, ...others] = tablesOf(select, column);
  return others.length === 0 ? table : undefined;
}

/** A name by which rows are filtered or joined, in lower case. */
interface Filter {
  readonly name: string;
  /** The source that it is of; null where it may be of any. */
  readonly qualifier: string | null;
}

/**
 * Every name by which a SELECT, or all places that read its rows, filter or join a source, in lower case. Filters of
 * readers count because BigQuery pushes them down to the tables; where one reader has none, it reads all.
 */
export function filteringNames(select: Select, source: Source): ReadonlySet<string> {
  const filters = [...ownFilters(select), ...sharedFilters(select)];
  return new Set(
    filters.filter(({ qualifier }) => mayBeOf(select, source, qualifier)).map(({ name }) => name),
  );
}

/** Whether all places that read a SELECT's rows filter or join them, by the same column. */
export function isFilteredByReaders(select: Select): boolean {
  return sharedFilters(select).length > 0;
}

/** Both kept for as long as the tree is: a common table is asked for them by each that it reads. */
const shared = new WeakMap<Select, readonly Filter[]>();
const own = new WeakMap<Select, readonly Filter[]>();

/** What filters the rows of a SELECT in all places that read them, in the words of the SELECT. */
function sharedFilters(select: Select): readonly Filter[] {
  const known = shared.get(select);
  if (known !== undefined) return known;
  // No filter around comes to what reads itself.
  shared.set(select, []);
  const [first = [], ...others] = select.readers.map((reader) =>
    [...filteringNames(reader.select, reader.source)].flatMap((name) => behind(select, name)),
  );
  const keys = others.map((filters) => new Set(filters.map(keyOf)));
  const filters = first.filter((filter) => keys.every((known) => known.has(keyOf(filter))));
  shared.set(select, filters);
  return filters;
}

function keyOf({ name, qualifier }: Filter): string {
  return JSON.stringify([name, qualifier]);
}

function ownFilters(select: Select): readonly Filter[] {
  const known = own.get(select);
  if (known !== undefined) return known;
  const { where_clause, joins } = select.body;
  const columns = columnsIn([where_clause, joins.map(({ on }) => on)]);
  const used = joins.flatMap(({ using }) => using.map(({ name }) => name.toLowerCase()));
  const filters = [...columns.flatMap(filtersBy), ...used.map((name) => ({ name, qualifier: null }))];
  own.set(select, filters);
  return filters;
}

/** What filters a SELECT where its reader filters by a name. */
function behind(select: Select, name: string): readonly Filter[] {
  return reachedBy(select, name).flatMap((column) =>
    typeof column === 'string' ? [{ name: column, qualifier: null }] : filtersBy(column),
  );
}

/** By a column's name, and by its qualifiers: `a.b` may be the field `b` of a column `a`. */
function filtersBy(column: ColumnBody): readonly Filter[] {
  const names = [nameOf(column), ...(column.table?.name.toLowerCase().split('.') ?? [])];
  return names.map((name) => ({ name, qualifier: qualifierOf(column) }));
}

/** A qualifier that no source goes by is a column, of which a field is named. */
function mayBeOf({ sources }: Select, source: Source, qualifier: string | null): boolean {
  return qualifier === null || source.name === qualifier || !sources.some(({ name }) => name === qualifier);
}

/** Metabase writes the whole path of a table. */
function qualifierOf({ table }: ColumnBody): string | null {
  return table?.name.split('.').at(-1)?.toLowerCase() ?? null;
}
