import { columnsIn, conjunctsOf } from '../antipatterns/queries/tree.ts';
import { pathOf } from '../syntax/qualified-rows.ts';
import {
  bareNameOf,
  type Expression,
  type Item,
  isParts,
  isTable,
  itemsIn,
  nameOf,
  type Parts,
  partsIn,
  type TableBody,
} from '../syntax/syntax-parts.ts';
import { partsOf } from '../syntax/syntax-tree.ts';
import {
  joinRows,
  type NamedRows,
  NO_ROWS,
  originsOf,
  patternRows,
  type Rows,
  UNKNOWN_ROWS,
} from './column-rows.ts';
import { addRead, recordUse } from './common-table-reads.ts';
import { columnsUsedIn, filteringOrigins, originsOfColumn, type Scope } from './expression-columns.ts';
import { blockAllFilters, namesIn, replaceColumns } from './filter-reach.ts';
import { findColumn } from './find-column.ts';
import { blockFilters, emptyMention, type Mention } from './origins.ts';

/** Items in FROM that have rows of their own, by node name. */
const RELATIONS = ['table', 'subquery', 'joined_table', 'pivot', 'unpivot', 'alias'] as const;

/** Adds the items of a FROM clause to the scope, one after another. */
export function addFromItems(items: readonly Item[], scope: Scope, level: NamedRows[]): void {
  const start = level.length;
  for (const { from, join } of items) {
    const before = level.length;
    addFromItem(from, scope, level);
    if (join === null) continue;
    const right = level.splice(before);
    const left = level.splice(start);
    const keepsLeft = join['kind'] === 'Left' || join['kind'] === 'Full';
    const keepsRight = join['kind'] === 'Right' || join['kind'] === 'Full';
    // A condition excludes no row from the side that the join preserves.
    level.push(...blockFiltersIf(keepsLeft, left), ...blockFiltersIf(keepsRight, right));
    recordJoinCondition(join['on'], scope);
    // And a filter does not reach the other side, whose rows it pads with NULL.
    const sides = [blockFiltersIf(keepsRight, left), blockFiltersIf(keepsLeft, right)] as const;
    const merged = mergedBy(partsIn(join['using']), sides, join, scope);
    recordUse(originsOf(merged.rows), 'joined');
    level.splice(start, level.length, ...sides.flat(), ...(merged.rows.columns.length > 0 ? [merged] : []));
  }
}

/** The columns of USING. Their values are those of the side whose rows are kept, which equal the other's, if there are any. */
function mergedBy(
  using: readonly Parts[],
  [left, right]: readonly [readonly NamedRows[], readonly NamedRows[]],
  { kind }: Parts,
  { allowance }: Scope,
): NamedRows {
  const isFiltering = (side: readonly NamedRows[]) => side === (kind === 'Right' ? right : left);
  const names = using.map(({ name }) => String(name).toLowerCase());
  const columns = names.map((name) => ({
    name,
    origins: [left, right].flatMap((side) => {
      const origins = findColumn([side], null, name, allowance);
      return isFiltering(side) ? origins : blockFilters(origins);
    }),
  }));
  return { name: null, path: null, rows: { ...NO_ROWS, columns }, areMerged: true };
}

export function blockFiltersIf(isBlocked: boolean, side: readonly NamedRows[]): readonly NamedRows[] {
  return isBlocked ? side.map((named) => ({ ...named, rows: blockAllFilters(named.rows) })) : side;
}

/**
 * Of a join's conditions, those on a single table filter it. A column without its table's name is taken for one of the join's.
 */
export function recordJoinCondition(on: unknown, scope: Scope): void {
  if (!isParts(on)) return;
  const joined: Scope = { ...scope, rowScope: scope.rowScope.slice(0, 1) };
  for (const conjunct of conjunctsOf(on as Expression)) {
    const { own, nested } = columnsUsedIn(conjunct, scope);
    recordUse(own, 'joined');
    recordUse(nested, 'projected');
    const origins = columnsIn(conjunct)
      .filter(({ name, table }) => table || !scope.variables.has(name.name.toLowerCase()))
      .map((column) => originsOfColumn(column, column.table ? scope : joined));
    const isOfOneTable =
      nested.length === 0 &&
      new Set(origins.flat().map(({ mention }) => mention)).size === 1 &&
      origins.every(({ length }) => length > 0);
    if (isOfOneTable) recordUse(filteringOrigins(conjunct, scope), 'filtered');
  }
}

function addFromItem(from: Parts, scope: Scope, level: NamedRows[]): void {
  const name = nameOf(from);
  if (isParts(from['table']) && isTable(from['table'])) {
    const path = isCommonTable(from['table'], scope) ? null : pathOf(from['table']);
    const rows = rowsOfTable(from['table'], scope);
    const isWildcard = from['table'].name.name.endsWith('*');
    level.push({ name, path, rows, ...(isWildcard ? { areOfWildcard: true } : {}) });
  } else if ('subquery' in from) {
    level.push({
      name,
      path: null,
      rows: scope.rowsOf(from, { ...scope, rowScope: scope.rowScope.slice(1) }),
    });
  } else if (isParts(from['joined_table'])) {
    addFromItems(itemsIn(from['joined_table']), scope, level);
  } else {
    level.push({ name, path: null, rows: rowsOfOther(from, name, scope) });
  }
}

function isCommonTable(table: TableBody, { common }: Scope): boolean {
  return common.has(bareNameOf(table) ?? '');
}

function rowsOfTable(table: TableBody, scope: Scope): Rows {
  const { common, mentionOf, rowScope, allowance } = scope;
  const commonTable = common.get(bareNameOf(table) ?? '');
  if (commonTable !== undefined) return addRead(commonTable, mentioned(emptyMention(), scope));
  const mention = mentionOf(table);
  if (mention !== null)
    return { ...NO_ROWS, starTables: [[{ mention: mentioned(mention, scope), filterable: null }]] };
  const [row = '', array = ''] = partsOf(table).flatMap((part) => (part ? [part.toLowerCase()] : []));
  recordUse(findColumn(rowScope, row, array, allowance), 'projected');
  return NO_ROWS;
}

function mentioned(mention: Mention, { mentions, isNeverRead }: Scope): Mention {
  mention.isNeverRead = isNeverRead;
  mentions.push(mention);
  return mention;
}

/** PIVOT and the like, which select columns under new names; UNNEST; table functions. */
function rowsOfOther(from: Parts, name: string | null, scope: Scope): Rows {
  const [body] = Object.values(from).filter(isParts);
  const inner = body?.['this'];
  if (isParts(inner) && RELATIONS.some((relation) => relation in inner)) {
    const { this: _brought, ...others } = body ?? {};
    const level: NamedRows[] = [];
    addFromItem(inner, scope, level);
    const rowScope = [level, patternRows(others, level), ...scope.rowScope];
    recordUse(columnsUsedIn(others, { ...scope, rowScope }).own, 'projected');
    const isRenaming = 'pivot' in from || 'unpivot' in from || 'match_recognize' in from;
    const renamed = isRenaming ? namesIn(others) : [];
    const columns = renamed.map((column) => ({ name: column, origins: [], place: 'anywhere' as const }));
    return replaceColumns(joinRows(level), columns);
  }
  // A function may read what it is given, whatever becomes of its rows.
  const { own, nested } = columnsUsedIn(from, { ...scope, isNeverRead: false });
  recordUse([...own, ...nested], 'projected');
  const unnest = from['unnest'] ?? (isParts(inner) ? inner['unnest'] : null);
  if (!isParts(unnest)) return UNKNOWN_ROWS;
  const names = [name, offsetNameOf(unnest)].filter((each) => each !== null);
  return { ...NO_ROWS, columns: names.map((each) => ({ name: each, origins: [] })) };
}

/** The column of positions that `WITH OFFSET` adds, in lower case; it hides a table's column of that name. */
function offsetNameOf({ offset_alias: alias, with_ordinality: isAdded }: Parts): string | null {
  if (isParts(alias)) return String(alias['name']).toLowerCase();
  return isAdded === true ? 'offset' : null;
}
