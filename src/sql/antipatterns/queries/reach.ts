import { hasRowLimit, windowsIn } from '../../columns/filter-reach.ts';
import { isolatedColumn } from '../../columns/isolated-column.ts';
import type { Expression } from '../../syntax/syntax-parts.ts';
import type { Select } from './queries.ts';
import { type ColumnBody, nameOf, unwrap } from './tree.ts';

/** A projection's name in the result, in lower case; null if it has none. */
export function outputName(projection: Expression): string | null {
  const node = unwrap(projection);
  if ('alias' in node) return node.alias.alias.name.toLowerCase();
  return 'column' in node ? nameOf(node.column) : null;
}

/**
 * The columns of a SELECT that are filtered before anything else when a reader filters one of the SELECT's names, as in
 * `column-uses.ts`, but by name only; the name itself if a star may provide it.
 */
export function reachedColumns(select: Select, name: string): readonly (ColumnBody | string)[] {
  const { body } = select;
  if (select.blocksFilters || hasRowLimit(body)) return [];
  const keys = keysOf(select);
  const isReached = (column: string) => keys.every((names) => names.has(column));
  const projections = body.expressions.filter((projection) => outputName(projection) === name);
  if (projections.length > 0) {
    return projections
      .flatMap((candidate) => originalOf(candidate) ?? [])
      .filter((column) => isReached(nameOf(column)));
  }
  return isReached(name) && !isReplaced(select, name) ? [name] : [];
}

/** The column that a projection is, or is cast from. */
function originalOf(projection: Expression): ColumnBody | null {
  const node = unwrap(projection);
  return isolatedColumn('alias' in node ? node.alias.this : node);
}

/** The names by which each window is partitioned, and by which the rows are grouped. */
function keysOf({ body }: Select): readonly ReadonlySet<string>[] {
  const windows = windowsIn([body.expressions, body.qualify, body.order_by]);
  const lists = windows.map((window) => window['partition_by'] as readonly Expression[] | undefined);
  const keys = lists.map((list = []) => new Set(list.flatMap((key) => nameIn(isolatedColumn(key)))));
  const { group_by: grouping } = body;
  if (!grouping || grouping.all) return keys;
  const grouped = grouping.expressions.flatMap((key) => nameIn(groupingColumn(key, body.expressions)));
  return [...keys, new Set(grouped)];
}

/** By position, by the SELECT's alias, or as a column of FROM. */
function groupingColumn(key: Expression, projections: readonly Expression[]): ColumnBody | null {
  const place = 'literal' in key ? projections[Number(key.literal.value) - 1] : undefined;
  const projection =
    place ?? projections.find((candidate) => outputName(candidate) === outputName(key) && 'column' in key);
  return projection === undefined ? isolatedColumn(key) : originalOf(projection);
}

function nameIn(column: ColumnBody | null): readonly string[] {
  return column === null ? [] : [nameOf(column)];
}

/** `SELECT * REPLACE (f(x) AS name)`. */
function isReplaced({ body }: Select, name: string): boolean {
  return body.expressions.some((projection) => {
    const node = unwrap(projection);
    return 'star' in node && (node.star.replace ?? []).some(({ alias }) => alias.name.toLowerCase() === name);
  });
}
