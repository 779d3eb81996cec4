import { nodesIn } from '../antipatterns/queries/tree.ts';
import { isParts, type Parts } from '../syntax/syntax-parts.ts';
import type { Column, Rows } from './column-rows.ts';
import { filterIfOwn, type Mention, type Origin } from './origins.ts';

/**
 * How far a filter outside a query reaches: BigQuery applies it to the tables inside only if the rows stay the same. If
 * that is not certain, it counts as if it did not.
 */

/** Rows for which only filters on these columns filter the tables. */
export function blockFiltersExcept(rows: Rows, reached: readonly Origin[]): Rows {
  const byMention = columnsByMention(reached.filter(({ filtersBlocked }) => !filtersBlocked));
  return {
    columns: rows.columns.map((column) => ({
      ...column,
      origins: column.origins.map(({ mention, column: name, filtersBlocked }) => ({
        mention,
        column: name,
        filtersBlocked: filtersBlocked || !byMention.get(mention)?.has(name),
      })),
    })),
    starTables: rows.starTables.map((tables) =>
      tables.map((table) => ({ ...table, filterable: byMention.get(table.mention) ?? new Set<string>() })),
    ),
    opaque: rows.opaque,
  };
}

/** Rows with some columns replaced by others of the same name; one that the SQL does not name is one of a star's. */
export function replaceColumns(rows: Rows, replacements: readonly Column[]): Rows {
  const byName = new Map(replacements.map((column) => [column.name, column]));
  const known = new Set(rows.columns.map(({ name }) => name));
  const columns = rows.columns.map((column) => {
    const replacement = byName.get(column.name);
    return replacement === undefined ? column : { ...column, ...replacement };
  });
  const others = replacements.filter(({ name }) => !known.has(name));
  return {
    ...rows,
    columns: [...columns, ...others.map((column) => ({ place: 'within star' as const, ...column }))],
  };
}

/** Rows for which no filter filters a table. */
export function blockAllFilters(rows: Rows): Rows {
  return blockFiltersExcept(rows, []);
}

/** LIMIT and OFFSET take rows before an outer filter does. */
export function hasRowLimit({ limit, offset, fetch }: Parts): boolean {
  return [limit, offset, fetch].some(isParts);
}

/** The names that a part of the tree defines or uses, in lower case. */
export function namesIn(part: unknown): readonly string[] {
  if (Array.isArray(part)) return part.flatMap(namesIn);
  if (!isParts(part)) return [];
  const { name } = part;
  return [...(typeof name === 'string' ? [name.toLowerCase()] : []), ...Object.values(part).flatMap(namesIn)];
}

/** What follows each OVER in a part of the tree, outside queries in it. */
export function windowsIn(part: unknown): readonly Parts[] {
  return nodesIn(part).flatMap((node) =>
    'window_function' in node && isParts(node.window_function.over) ? [node.window_function.over] : [],
  );
}

/**
 * The origins that are in every list and whose filters are blocked in none. If it is not known in one of them whether a column is
 * a table's own, it is not in all.
 */
export function commonOrigins(lists: readonly (readonly Origin[])[]): readonly Origin[] {
  const [first = [], ...others] = lists.map((list) => list.filter(mayFilter));
  const known = others.map(columnsByMention);
  const certain = lists.map((list) => columnsByMention(list.filter(({ filtersBlocked }) => !filtersBlocked)));
  const isIn =
    ({ mention, column }: Origin) =>
    (columns: ReadonlyMap<Mention, ReadonlySet<string>>) =>
      columns.get(mention)?.has(column) === true;
  const common = first.filter((origin) => known.every(isIn(origin)));
  return common.flatMap((origin) =>
    origin.filtersBlocked || certain.every(isIn(origin)) ? [origin] : filterIfOwn([origin]),
  );
}

function mayFilter({ filtersBlocked, filtersIfOwn }: Origin): boolean {
  return !filtersBlocked || filtersIfOwn === true;
}

function columnsByMention(origins: readonly Origin[]): ReadonlyMap<Mention, ReadonlySet<string>> {
  const columns = new Map<Mention, Set<string>>();
  for (const { mention, column } of origins) {
    columns.set(mention, (columns.get(mention) ?? new Set()).add(column));
  }
  return columns;
}
