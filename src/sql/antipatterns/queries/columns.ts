import { filteringColumns } from '../../columns/filtering-columns.ts';
import { rowsQualifiedBy } from '../../syntax/qualified-rows.ts';
import type { Select, Source, TableSource } from './queries.ts';
import { reachedColumns } from './reach.ts';
import { isStored } from './rows.ts';
import { type ColumnBody, nameOf } from './tree.ts';

/**
 * The stored tables that a column may belong to. There may be several if it is not qualified: BigQuery rejects an
 * ambiguous name, so it belongs to whichever table has such a column.
 */
export function tablesOf(select: Select, column: ColumnBody): readonly TableSource[] {
  const tables = select.sources.filter((source) => source.kind === 'table').filter(isStored);
  if (column.table === null) return tables;
  const qualified: readonly Source[] = rowsQualifiedBy(column.table.name.toLowerCase(), select.sources);
  return tables.filter((table) => qualified.includes(table));
}

/** The one stored table that a column can belong to; undefined if there are several, or none. */
export function tableOf(select: Select, column: ColumnBody): TableSource | undefined {
  const [table, ...others] = tablesOf(select, column);
  return others.length === 0 ? table : undefined;
}

/** A name by which rows are filtered or joined, in lower case. */
interface Filter {
  readonly name: string;
  /** The qualifier before it, in lower case; null if there is none. */
  readonly qualifier: string | null;
}

/**
 * Every name by which a SELECT, or all places that read its rows, filter or join a source, in lower case. Filters in
 * readers count because BigQuery pushes them down to the tables; if one reader has none, it reads everything.
 */
export function filteringNames(select: Select, source: Source): ReadonlySet<string> {
  const { anySource, bySource } = namesByQualifier(select);
  const sourceNames = bySource.get(source);
  return sourceNames === undefined ? anySource : new Set([...anySource, ...sourceNames]);
}

/** Whether all places that read a SELECT's rows filter or join them by the same column. */
export function isFilteredByReaders(select: Select): boolean {
  return sharedFilters(select).length > 0;
}

/** Names by which the sources of a SELECT are filtered. */
interface QualifiedNames {
  /** Those that may belong to any source. */
  readonly anySource: ReadonlySet<string>;
  readonly bySource: ReadonlyMap<Source, ReadonlySet<string>>;
}

/** All cached for the life of the tree: everything that a common table reads asks about it. */
const sharedFilterCache = new WeakMap<Select, readonly Filter[]>();
const ownFilterCache = new WeakMap<Select, readonly Filter[]>();
/** Keyed by what the readers share, since for a query that reads itself that is empty at first. */
const qualifiedNamesCache = new WeakMap<readonly Filter[], QualifiedNames>();

/** Grouped once for all sources of a SELECT, of which there may be a thousand. */
function namesByQualifier(select: Select): QualifiedNames {
  const readerFilters = sharedFilters(select);
  const cached = qualifiedNamesCache.get(readerFilters);
  if (cached !== undefined) return cached;
  const anySource = new Set<string>();
  const bySource = new Map<Source, Set<string>>();
  const filters = Map.groupBy([...ownFilters(select), ...readerFilters], ({ qualifier }) => qualifier);
  for (const [qualifier, some] of filters) {
    const [source, ...others] = qualifier === null ? [] : rowsQualifiedBy(qualifier, select.sources);
    // What may belong to several filters none of them for certain.
    if (others.length > 0) continue;
    // A qualifier that means no source is a column, and the name is a field of it.
    const names = source === undefined ? anySource : (bySource.get(source) ?? new Set());
    for (const { name } of some) names.add(name);
    if (source !== undefined) bySource.set(source, names);
  }
  const names = { anySource, bySource };
  qualifiedNamesCache.set(readerFilters, names);
  return names;
}

/** What filters the rows of a SELECT in every place that reads them, in the SELECT's own names. */
function sharedFilters(select: Select): readonly Filter[] {
  const cached = sharedFilterCache.get(select);
  if (cached !== undefined) return cached;
  // A filter around a query never reaches it if it reads itself.
  sharedFilterCache.set(select, []);
  const [first = [], ...others] = select.readers.map((reader) =>
    [...filteringNames(reader.select, reader.source)].flatMap((name) => filtersReaching(select, name)),
  );
  const filters = sharedByAll([first, ...others]);
  sharedFilterCache.set(select, filters);
  return filters;
}

function sharedByAll([first = [], ...others]: readonly (readonly Filter[])[]): readonly Filter[] {
  const keys = others.map((filters) => new Set(filters.map(keyOf)));
  return first.filter((filter) => keys.every((key) => key.has(keyOf(filter))));
}

function keyOf({ name, qualifier }: Filter): string {
  return JSON.stringify([name, qualifier]);
}

function ownFilters(select: Select): readonly Filter[] {
  const cached = ownFilterCache.get(select);
  if (cached !== undefined) return cached;
  const { where_clause, joins } = select.body;
  const conditions = [where_clause?.this, ...joins.map(({ on }) => on)];
  const filtering = conditions.flatMap((condition) =>
    filteringColumns(condition, { of: filtersBy, common: sharedByAll }),
  );
  const used = joins.flatMap(({ using }) => using.map(({ name }) => name.toLowerCase()));
  const filters = [...filtering, ...used.map((name) => ({ name, qualifier: null }))];
  ownFilterCache.set(select, filters);
  return filters;
}

/** What filters a SELECT when its reader filters by a name. */
function filtersReaching(select: Select, name: string): readonly Filter[] {
  return reachedColumns(select, name).flatMap((column) =>
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
