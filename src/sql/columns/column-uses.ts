import { neverHolds } from '../antipatterns/queries/tree.ts';
import { rowsQualifiedBy } from '../syntax/qualified-rows.ts';
import {
  type Expression,
  isParts,
  isSelect,
  itemsIn,
  outerQueriesOf,
  type Parts,
  partsIn,
  queryIn,
  type SelectBody,
  uncommented,
  withClauseOf,
} from '../syntax/syntax-parts.ts';
import { type Allowance, NotFollowed } from './allowance.ts';
import { recordChange } from './change-uses.ts';
import {
  type Column,
  joinRows,
  type NamedRows,
  NO_ROWS,
  originsOf,
  type Rows,
  rowsOfLevel,
  UNKNOWN_ROWS,
  unionRows,
} from './column-rows.ts';
import { type CommonTable, propagateUses, recordUse } from './common-table-reads.ts';
import {
  columnIn,
  columnsUsedIn,
  groupingColumns,
  type MentionOf,
  originsOfIsolated,
  recordCondition,
  type Scope,
} from './expression-columns.ts';
import {
  blockAllFilters,
  blockFiltersExcept,
  commonOrigins,
  hasRowLimit,
  replaceColumns,
  windowsIn,
} from './filter-reach.ts';
import { fieldsOf } from './find-column.ts';
import { addFromItems } from './from-rows.ts';
import type { Mention, Origin } from './origins.ts';

/** These let fewer rows out, but all of them are read. */
const CONDITIONS_ON_RESULTS = ['having', 'qualify'] as const;

/**
 * Follows each column of a statement back to the tables that it comes from, through common tables, subqueries and set
 * operations, and records in their mentions how it is used. A column that could belong to several tables counts for
 * each, and filters none. Takes time linear in the query; polyglot's own analysis is cubic in the operands of UNION, half a
 * minute for a hundred.
 * @param variables what the script declares, in lower case
 * @returns why not every column was followed; null if each was
 */
export function recordColumnUses(
  statement: Parts,
  mentionOf: MentionOf,
  allowance: Allowance,
  variables: ReadonlySet<string>,
): string | null {
  const followed: CommonTable[] = [];
  const scope: Scope = {
    mentionOf,
    common: new Map(),
    followed,
    rowScope: [],
    mentions: [],
    isNeverRead: false,
    variables,
    allowance,
    rowsOf,
  };
  try {
    if (!recordChange(statement, scope)) {
      for (const query of outerQueriesOf(statement)) recordUse(originsOf(rowsOf(query, scope)), 'projected');
    }
    for (const table of followed.reverse()) propagateUses(table, allowance);
    return null;
  } catch (error) {
    if (error instanceof NotFollowed) return error.message;
    throw error;
  }
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
  const [upper, lower] = [rowsOf(body['left'], scope), rowsOf(body['right'], scope)];
  const rows = unionRows(upper, lower, byName);
  // Where places are unknown, or hidden by the upper star, a column of the lower rows may go on under any name of the upper ones.
  const isHidden = rows.opaque || columnsAfterStar(lower) > columnsAfterStar(upper);
  if (isHidden && !byName) recordUse(originsOf(lower), 'projected');
  return rows;
}

function columnsAfterStar({ columns }: Rows): number {
  return columns.filter(({ place }) => place === 'after star').length;
}

function withCommonTables(body: Parts, outer: Scope): ReadonlyMap<string, CommonTable> {
  const clause = withClauseOf(body);
  if (clause === undefined) return outer.common;
  const recursiveTables = new Map(
    (clause.recursive === true ? clause.ctes : []).map(({ alias }): [string, CommonTable] => [
      alias.name.toLowerCase(),
      { rows: UNKNOWN_ROWS, reads: [], mentions: [] },
    ]),
  );
  const visible = new Map([...outer.common, ...recursiveTables]);
  for (const cte of clause.ctes) {
    const name = cte.alias.name.toLowerCase();
    const mentions: Mention[] = [];
    const rows = rowsOf(cte.this, { ...outer, common: new Map(visible), rowScope: [], mentions });
    // What a recursive one reads of itself, or of a later one, adds no origins to columns, and filters do not reach
    // through it: each column that is read so counts as selected.
    const table = { rows, reads: recursiveTables.get(name)?.reads ?? [], mentions };
    if (table.reads.length > 0) recordUse(originsOf(rows), 'projected');
    visible.set(name, table);
    outer.followed.push(table);
  }
  return visible;
}

function rowsOfSelect(body: SelectBody & Parts, outer: Scope): Rows {
  const level: NamedRows[] = [];
  const scope: Scope = { ...outer, rowScope: [level, ...outer.rowScope] };
  const isNeverRead = outer.isNeverRead || neverHolds(body.where_clause?.this);
  addFromItems(itemsIn(body), { ...scope, isNeverRead }, level);
  const rows = rowsOfList(body.expressions, scope, level);
  if (body.where_clause) recordCondition(body.where_clause.this, scope);
  const results = scopeAfterList(rows.columns, scope);
  for (const clause of CONDITIONS_ON_RESULTS) recordUse(ownColumnsIn(body[clause], results), 'tested');
  recordUse(ownColumnsIn(body.windows, scope), 'projected');
  recordUse(orderingColumns(body, rows, scope), 'projected');
  const keys = partitionKeysOf(body, scope);
  if (isParts(body['group_by'])) {
    const grouped = groupingColumns(body['group_by'], rows, scope);
    recordUse(grouped, 'grouped');
    keys.push(grouped);
  }
  return keys.length === 0 ? rows : blockFiltersExcept(rows, commonOrigins(keys));
}

/** The columns that a clause uses itself. Those that a subquery in it selects are recorded as read, wherever it stands. */
function ownColumnsIn(clause: unknown, scope: Scope): readonly Origin[] {
  const { own, nested } = columnsUsedIn(clause, scope);
  recordUse(nested, 'projected');
  return own;
}

/** The columns that only ORDER BY reads. */
function orderingColumns({ order_by: clause }: SelectBody, rows: Rows, scope: Scope): readonly Origin[] {
  const selected = rows.columns.map(({ name }) => ({ name, origins: [] }));
  return ownColumnsIn(clause, scopeAfterList(selected, scope));
}

/** Where a name in the list of the SELECT comes before a column. */
function scopeAfterList(selected: readonly Column[], scope: Scope): Scope {
  const columns = selected.filter(({ name }) => name !== '');
  const list: NamedRows = { name: null, path: null, rows: { ...NO_ROWS, columns } };
  return { ...scope, rowScope: [[list], ...scope.rowScope] };
}

/** The columns by which each window of a SELECT is partitioned. */
function partitionKeysOf(body: SelectBody, scope: Scope): (readonly Origin[])[] {
  const windows = windowsIn([body.expressions, body.qualify, body.order_by]);
  return windows.map((window) =>
    partsIn(window['partition_by']).flatMap((key) => originsOfIsolated(key, scope)),
  );
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
  const rows = isOfFields ? fieldsOf(scope.rowScope, table, scope.allowance) : rowsOfLevel(expanded);
  // No name by which a query around this one could select them is known.
  if (isOfFields) recordUse(originsOf(rows), 'projected');
  const replacements = partsIn(star['replace']).map((alias) => columnIn({ alias }, scope));
  const columns = rows.columns.filter(({ name }) => !excluded.has(name));
  const starTables = excluded.size === 0 ? rows.starTables : withoutColumns(rows.starTables, excluded);
  return replaceColumns(
    { ...rows, columns, starTables, opaque: rows.opaque || expanded.length === 0 },
    replacements,
  );
}

function withoutColumns(starTables: Rows['starTables'], names: ReadonlySet<string>): Rows['starTables'] {
  return starTables.map((tables) =>
    tables.map((table) => ({ ...table, excluded: new Set([...(table.excluded ?? []), ...names]) })),
  );
}
