import { namesCalledBy } from '../../syntax/syntax-parts.ts';
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
  const isSource = (called: string) => select.sources.some(({ name }) => name === called);
  const called = sourceCalled(qualifierOf(column), isSource);
  return tables.filter(({ name }) => name === called);
}

/** The one stored table that a column can only be of; undefined where there are several, or none. */
export function tableOf(select: Select, column: ColumnBody): TableSource | undefined {
  const [table, ...others] = tablesOf(select, column);
  return others.length === 0 ? table : undefined;
}

/** A name by which rows are filtered or joined, in lower case. */
interface Filter {
  readonly name: string;
  /** What stands before it, in lower case; null where nothing does. */
  readonly qualifier: string | null;
}

/**
 * Every name by which a SELECT, or all places that read its rows, filter or join a source, in lower case. Filters of
 * readers count because BigQuery pushes them down to the tables; where one reader has none, it reads all.
 */
export function filteringNames(select: Select, source: Source): ReadonlySet<string> {
  const { ofAny, bySource } = namesByQualifier(select);
  const own = source.name === null ? undefined : bySource.get(source.name);
  return own === undefined ? ofAny : new Set([...ofAny, ...own]);
}

/** Whether all places that read a SELECT's rows filter or join them, by the same column. */
export function isFilteredByReaders(select: Select): boolean {
  return sharedFilters(select).length > 0;
}

/** Names by which the sources of a SELECT are filtered. */
interface QualifiedNames {
  /** Those that may be of any source. */
  readonly ofAny: ReadonlySet<string>;
  readonly bySource: ReadonlyMap<string, ReadonlySet<string>>;
}

/** All kept for as long as the tree is: a common table is asked for them by each that it reads. */
const shared = new WeakMap<Select, readonly Filter[]>();
const own = new WeakMap<Select, readonly Filter[]>();
/** By what readers share, since that is nothing at first for what reads itself. */
const qualified = new WeakMap<readonly Filter[], QualifiedNames>();

/** Sorted once for all sources of a SELECT, of which there may be a thousand. */
function namesByQualifier(select: Select): QualifiedNames {
  const ofReaders = sharedFilters(select);
  const known = qualified.get(ofReaders);
  if (known !== undefined) return known;
  const sources = new Set(select.sources.map(({ name }) => name));
  const filters = Map.groupBy([...ownFilters(select), ...ofReaders], ({ qualifier }) =>
    sourceCalled(qualifier, (name) => sources.has(name)),
  );
  const namesOf = (some: readonly Filter[] = []) => new Set(some.map(({ name }) => name));
  const bySource = new Map(
    [...filters].flatMap(([source, some]) => (source === null ? [] : [[source, namesOf(some)] as const])),
  );
  const names = { ofAny: namesOf(filters.get(null)), bySource };
  qualified.set(ofReaders, names);
  return names;
}

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

function qualifierOf({ table }: ColumnBody): string | null {
  return table?.name.toLowerCase() ?? null;
}

/** The source that a qualifier means; null where none is called so: then it is a column, of which a field is named. */
function sourceCalled(qualifier: string | null, isSource: (name: string) => boolean): string | null {
  return qualifier === null ? null : (namesCalledBy(qualifier).find(isSource) ?? null);
}
