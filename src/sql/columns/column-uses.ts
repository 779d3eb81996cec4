import { columnsIn, conjunctsOf } from '../antipatterns/queries/tree.ts';
import { pathOf, rowsQualifiedBy } from '../syntax/qualified-rows.ts';
import {
  bareNameOf,
  type Expression,
  isParts,
  isSelect,
  isTable,
  itemsIn,
  nameOf,
  type Parts,
  partsIn,
  queryIn,
  type SelectBody,
  type TableBody,
  uncommented,
  withClauseOf,
} from '../syntax/syntax-parts.ts';
import {
  fieldsOf,
  findColumn,
  joinRows,
  type NamedRows,
  NO_ROWS,
  type Origin,
  originsOf,
  patternRows,
  type Rows,
  UNKNOWN_ROWS,
  unionRows,
} from './column-rows.ts';
import { addRead, type CommonTable, propagateUses, recordUse } from './common-table-reads.ts';
import {
  columnIn,
  columnsUsedIn,
  groupingColumns,
  type MentionOf,
  originsOfColumn,
  originsOfIsolated,
  type Scope,
} from './expression-columns.ts';
import {
  blockAllFilters,
  blockFiltersExcept,
  commonOrigins,
  hasRowLimit,
  namesIn,
  replaceColumns,
  windowsIn,
} from './filter-reach.ts';

/** Clauses whose column uses no rule asks about; subqueries in them are followed all the same. */
const OTHER_CLAUSES = ['having', 'qualify', 'order_by', 'windows'] as const;

/** Items in FROM that have rows of their own, by node name. */
const RELATIONS = ['table', 'subquery', 'joined_table', 'pivot', 'unpivot', 'alias'] as const;

/**
 * Follows each column of a query back to the tables that it comes from, through common tables, subqueries and set
 * operations, and records in their mentions how it is used. A column that could belong to several tables counts for
 * none. Takes time linear in the query; polyglot's own analysis is cubic in the operands of UNION, half a minute for a
 * hundred.
 */
export function recordColumnUses(query: Parts, mentionOf: MentionOf): void {
  const followed: CommonTable[] = [];
  recordUse(
    originsOf(rowsOf(query, { mentionOf, common: new Map(), followed, rowScope: [], rowsOf })),
    'projected',
  );
  for (const table of followed.reverse()) propagateUses(table);
}

function rowsOf(part: unknown, outer: Scope): Rows {
  if (!isParts(part)) return UNKNOWN_ROWS;
  const body = queryIn(part);
  if (body === null)
    return isParts(part['annotated']) ? rowsOf(part['annotated']['this'], outer) : UNKNOWN_ROWS;
  const scope = { ...outer, common: withCommonTables(body, outer) };
  const rows = isSelect(body) ? rowsOfSelect(body, scope) : rowsOfOperands(body, scope);
  const isWhole = !hasRowLimit(body) && !('intersect' in part || 'except' in part);
  return isWhole ? rows : blockAllFilters(rows);
}

/** For a set operation, or something in parentheses. */
function rowsOfOperands(body: Parts, scope: Scope): Rows {
  if (!('left' in body)) return rowsOf(body['this'], scope);
  const byName = body['by_name'] === true || body['corresponding'] === true;
  return unionRows(rowsOf(body['left'], scope), rowsOf(body['right'], scope), byName);
}

function withCommonTables(body: Parts, outer: Scope): ReadonlyMap<string, CommonTable> {
  const clause = withClauseOf(body);
  if (clause === undefined) return outer.common;
  const recursiveTables = new Map(
    (clause.recursive === true ? clause.ctes : []).map(({ alias }): [string, CommonTable] => [
      alias.name.toLowerCase(),
      { rows: UNKNOWN_ROWS, reads: [] },
    ]),
  );
  const visible = new Map([...outer.common, ...recursiveTables]);
  for (const cte of clause.ctes) {
    const name = cte.alias.name.toLowerCase();
    const rows = rowsOf(cte.this, { ...outer, common: new Map(visible), rowScope: [] });
    // What a recursive one reads of itself, or of a later one, adds no origins to columns, and filters do not reach
    // through it.
    const table = { rows, reads: recursiveTables.get(name)?.reads ?? [] };
    visible.set(name, table);
    outer.followed.push(table);
  }
  return visible;
}

function rowsOfSelect(body: SelectBody & Parts, outer: Scope): Rows {
  const level: NamedRows[] = [];
  const scope: Scope = { ...outer, rowScope: [level, ...outer.rowScope] };
  addFromItems(body, scope, level);
  const rows = rowsOfList(body.expressions, scope, level);
  recordUse(columnsUsedIn(body['where_clause'], scope).own, 'filtered');
  for (const clause of OTHER_CLAUSES) columnsUsedIn(body[clause], scope);
  const keys = partitionKeysOf(body, scope);
  if (isParts(body['group_by'])) {
    const grouped = groupingColumns(body['group_by'], rows, scope);
    recordUse(grouped, 'grouped');
    keys.push(grouped);
  }
  return keys.length === 0 ? rows : blockFiltersExcept(rows, commonOrigins(keys));
}

/** The columns by which each window of a SELECT is partitioned. */
function partitionKeysOf(body: SelectBody, scope: Scope): (readonly Origin[])[] {
  const windows = windowsIn([body.expressions, body.qualify, body.order_by]);
  return windows.map((window) =>
    partsIn(window['partition_by']).flatMap((key) => originsOfIsolated(key, scope)),
  );
}

/** Adds the items of a FROM clause to the scope, one after another. */
function addFromItems(body: Parts, scope: Scope, level: NamedRows[]): void {
  const start = level.length;
  for (const { from, join } of itemsIn(body)) {
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
    for (const { name } of partsIn(join['using'])) {
      for (const side of [left, right])
        recordUse(findColumn([side], null, String(name).toLowerCase()), 'joined');
    }
    // And a filter does not reach the other side, whose rows it pads with NULL.
    level.splice(
      start,
      level.length,
      ...blockFiltersIf(keepsRight, left),
      ...blockFiltersIf(keepsLeft, right),
    );
  }
}

function blockFiltersIf(isBlocked: boolean, side: readonly NamedRows[]): readonly NamedRows[] {
  return isBlocked ? side.map((named) => ({ ...named, rows: blockAllFilters(named.rows) })) : side;
}

/** Of a join's conditions, those on a single table filter it. */
function recordJoinCondition(on: unknown, scope: Scope): void {
  if (!isParts(on)) return;
  for (const conjunct of conjunctsOf(on as Expression)) {
    const { own, nested } = columnsUsedIn(conjunct, scope);
    recordUse(own, 'joined');
    const isOfOneTable =
      nested.length === 0 &&
      new Set(own.map(({ mention }) => mention)).size === 1 &&
      columnsIn(conjunct).every((column) => originsOfColumn(column, scope).length > 0);
    if (isOfOneTable) recordUse(own, 'filtered');
  }
}

function addFromItem(from: Parts, scope: Scope, level: NamedRows[]): void {
  const name = nameOf(from);
  if (isParts(from['table']) && isTable(from['table'])) {
    const path = isCommonTable(from['table'], scope) ? null : pathOf(from['table']);
    level.push({ name, path, rows: rowsOfTable(from['table'], scope) });
  } else if ('subquery' in from) {
    level.push({ name, path: null, rows: rowsOf(from, { ...scope, rowScope: scope.rowScope.slice(1) }) });
  } else if (isParts(from['joined_table'])) {
    addFromItems(from['joined_table'], scope, level);
  } else {
    level.push({ name, path: null, rows: rowsOfOther(from, name, scope) });
  }
}

function isCommonTable(table: TableBody, { common }: Scope): boolean {
  return common.has(bareNameOf(table) ?? '');
}

function rowsOfTable(table: TableBody, { common, mentionOf }: Scope): Rows {
  const commonTable = common.get(bareNameOf(table) ?? '');
  if (commonTable !== undefined) return addRead(commonTable);
  const mention = mentionOf(table);
  return mention === null ? NO_ROWS : { ...NO_ROWS, starTables: [[{ mention, filterable: null }]] };
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
    const columns = renamed.map((column) => ({ name: column, origins: [] }));
    return replaceColumns(joinRows(level), columns);
  }
  columnsUsedIn(from, scope);
  const isArray = 'unnest' in from || (isParts(inner) && 'unnest' in inner);
  if (!isArray) return UNKNOWN_ROWS;
  return name === null ? NO_ROWS : { ...NO_ROWS, columns: [{ name, origins: [] }] };
}

function rowsOfList(list: readonly Expression[], scope: Scope, level: readonly NamedRows[]): Rows {
  return joinRows(
    list.map((projected) => {
      const bare: Parts = uncommented(projected);
      if (isParts(bare['star'])) return { rows: rowsOfStar(bare['star'], scope, level) };
      return { rows: { ...NO_ROWS, columns: [columnIn(bare, scope)] } };
    }),
  );
}

function rowsOfStar(star: Parts, scope: Scope, level: readonly NamedRows[]): Rows {
  const table = isParts(star['table']) ? String(star['table']['name']).toLowerCase() : null;
  const expanded = table === null ? level : rowsQualifiedBy(table, level);
  const excluded = new Set(partsIn(star['except']).map(({ name }) => String(name).toLowerCase()));
  const isOfFields = table !== null && expanded.length === 0;
  const rows = isOfFields ? fieldsOf(scope.rowScope, table) : joinRows(expanded);
  // No name by which a query around this one could select them is known.
  if (isOfFields) recordUse(originsOf(rows), 'projected');
  const replacements = partsIn(star['replace']).map((alias) => columnIn({ alias }, scope));
  const columns = rows.columns.filter(({ name }) => !excluded.has(name));
  return replaceColumns({ ...rows, columns, opaque: rows.opaque || expanded.length === 0 }, replacements);
}
