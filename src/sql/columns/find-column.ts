import { rowsQualifiedBy } from '../syntax/qualified-rows.ts';
import { type Allowance, withinAllowance } from './allowance.ts';
import {
  columnOf,
  type NamedRows,
  originsOf,
  type RowScope,
  type Rows,
  UNKNOWN_ROWS,
} from './column-rows.ts';
import { blockFilters, distinct, filterIfOwn, type Origin } from './origins.ts';

/**
 * The origins of `table.name`, or of `name` alone. If it may be one of several tables', it is used of each, and a filter on it
 * filters none of them. A row of an outer query is the same for each row here, and a filter here excludes none of it there.
 * @throws NotFollowed once nothing of the allowance is left
 */
export function findColumn(
  rowScope: RowScope,
  table: string | null,
  name: string,
  allowance: Allowance,
): readonly Origin[] {
  return withinAllowance(originsNamed(rowScope, table, name), allowance);
}

function originsNamed(rowScope: RowScope, table: string | null, name: string): readonly Origin[] {
  if (table === null) return findUnqualified(rowScope, name);
  for (const level of rowScope) {
    const qualified = rowsQualifiedBy(table, level);
    if (qualified.length > 0) return originsAtLevel(level, rowScope, columnOfOne(qualified, name));
  }
  // Then it is a field of a column; no column has a dot in its name.
  return table.includes('.') ? [] : findUnqualified(rowScope, table);
}

/** The fields of a column, as in `m.address.*`: the SQL does not say their names. */
export function fieldsOf(rowScope: RowScope, path: string, allowance: Allowance): Rows {
  const [first = '', second] = path.split('.');
  const origins =
    second === undefined
      ? findColumn(rowScope, null, first, allowance)
      : findColumn(rowScope, first, second, allowance);
  return { ...UNKNOWN_ROWS, columns: [{ name: '', origins: blockFilters(origins) }] };
}

/** A column of wildcard tables alone: no other name may begin like this. */
const SUFFIX = '_table_suffix';

/** Where tables may or may not have the column, it may be one of those around them, too. */
function findUnqualified(rowScope: RowScope, name: string): readonly Origin[] {
  const found: (readonly Origin[])[] = [];
  for (const level of rowScope) {
    const { origins, isCertain } = unqualifiedAt(level, name);
    if (isCertain || origins.length > 0) found.push(originsAtLevel(level, rowScope, origins));
    if (isCertain) break;
  }
  const [nearest = [], ...others] = found;
  return others.length === 0 ? nearest : distinct([...nearest, ...blockFilters(others.flat())]);
}

/** Whether a name without a qualifier may be a column of more than one of these rows. */
export function mayBeOfSeveral(level: readonly NamedRows[], name: string): boolean {
  return !unqualifiedAt(level, name).isCertain && rowsThatMayHaveMore(level).length > 1;
}

/** Those of which the SQL does not name all columns. */
function rowsThatMayHaveMore(level: readonly NamedRows[]): readonly NamedRows[] {
  return level.filter(({ rows }) => rows.starTables.length > 0 || rows.opaque);
}

function unqualifiedAt(
  level: readonly NamedRows[],
  name: string,
): { readonly origins: readonly Origin[]; readonly isCertain: boolean } {
  const all = level.filter(({ rows }) => rows.columns.some((column) => column.name === name));
  const merged = all.findLast(({ areMerged }) => areMerged);
  const having = merged === undefined ? all : [merged];
  if (having.length > 0) return { origins: columnOfOne(having, name), isCertain: true };
  const whole = level.filter((named) => named.name === name);
  if (whole.length > 0) {
    const origins = [
      ...columnLikeRow(whole, name),
      ...blockFilters(whole.flatMap(({ rows }) => originsOf(rows))),
    ];
    return { origins, isCertain: true };
  }
  const wildcards = name === SUFFIX ? level.filter(({ areOfWildcard }) => areOfWildcard) : [];
  if (wildcards.length === 1) return { origins: columnOfOne(wildcards, name), isCertain: true };
  const possible = rowsThatMayHaveMore(level);
  const origins = possible.flatMap(({ rows }) => columnOf(rows, name));
  if (possible.length < 2) return { origins, isCertain: false };
  const areTables = possible.every(({ rows }) => !rows.opaque);
  return { origins: areTables ? filterIfOwn(origins) : blockFilters(origins), isCertain: false };
}

/** The column of one of these rows. If there are several, nobody knows of which, and a filter on it filters none. */
function columnOfOne(candidates: readonly NamedRows[], name: string): readonly Origin[] {
  const origins = candidates.flatMap(({ rows }) => columnOf(rows, name));
  return candidates.length > 1 ? blockFilters(origins) : origins;
}

/**
 * The column that rows may have under their own name: BigQuery takes it rather than a table without an alias. With an
 * alias, the row may be meant, of which no column is filtered.
 */
function columnLikeRow([only, ...others]: readonly NamedRows[], name: string): readonly Origin[] {
  if (only === undefined || others.length > 0) return [];
  const origins = columnOf(only.rows, name);
  return only.path === null ? blockFilters(origins) : origins;
}

function originsAtLevel(
  level: readonly NamedRows[],
  [innermost]: RowScope,
  origins: readonly Origin[],
): readonly Origin[] {
  return level === innermost ? origins : blockFilters(origins);
}
