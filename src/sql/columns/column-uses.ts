import { columnsIn, conjunctsOf } from '../antipatterns/queries/tree.ts';
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
  found,
  type Named,
  NO_ROWS,
  type Origin,
  originsOf,
  type Rows,
  sideBySide,
  stacked,
  UNKNOWN_ROWS,
} from './column-rows.ts';
import { type CommonTable, handOn, note, readOnceMore } from './common-table-reads.ts';
import {
  columnIn,
  groupedBy,
  type MentionOf,
  originsOfColumn,
  originsOfIsolated,
  type Scope,
  usedIn,
} from './expression-columns.ts';
import { barredBut, barredRows, isCutOff, namesIn, shared, windowsIn, withColumns } from './filter-reach.ts';

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
export function noteColumnUses(query: Parts, mentionOf: MentionOf): void {
  const followed: CommonTable[] = [];
  note(originsOf(rowsOf(query, { mentionOf, common: new Map(), followed, sight: [], rowsOf })), 'projected');
  for (const table of followed.reverse()) handOn(table);
}

function rowsOf(part: unknown, outer: Scope): Rows {
  if (!isParts(part)) return UNKNOWN_ROWS;
  const body = queryIn(part);
  if (body === null)
    return isParts(part['annotated']) ? rowsOf(part['annotated']['this'], outer) : UNKNOWN_ROWS;
  const scope = { ...outer, common: withCommonTables(body, outer) };
  const rows = isSelect(body) ? rowsOfSelect(body, scope) : rowsOfOperands(body, scope);
  const isWhole = !isCutOff(body) && !('intersect' in part || 'except' in part);
  return isWhole ? rows : barredRows(rows);
}

/** For a set operation, or something in parentheses. */
function rowsOfOperands(body: Parts, scope: Scope): Rows {
  if (!('left' in body)) return rowsOf(body['this'], scope);
  const byName = body['by_name'] === true || body['corresponding'] === true;
  return stacked(rowsOf(body['left'], scope), rowsOf(body['right'], scope), byName);
}

function withCommonTables(body: Parts, outer: Scope): ReadonlyMap<string, CommonTable> {
  const clause = withClauseOf(body);
  if (clause === undefined) return outer.common;
  const early = new Map(
    (clause.recursive === true ? clause.ctes : []).map(({ alias }): [string, CommonTable] => [
      alias.name.toLowerCase(),
      { rows: UNKNOWN_ROWS, reads: [] },
    ]),
  );
  const known = new Map([...outer.common, ...early]);
  for (const cte of clause.ctes) {
    const name = cte.alias.name.toLowerCase();
    const rows = rowsOf(cte.this, { ...outer, common: new Map(known), sight: [] });
    // What a recursive one reads of itself, or of a later one, adds no origins to columns, and filters do not reach
    // through it.
    const table = { rows, reads: early.get(name)?.reads ?? [] };
    known.set(name, table);
    outer.followed.push(table);
  }
  return known;
}

function rowsOfSelect(body: SelectBody & Parts, outer: Scope): Rows {
  const here: Named[] = [];
  const scope: Scope = { ...outer, sight: [here, ...outer.sight] };
  bringAll(body, scope, here);
  const rows = rowsOfList(body.expressions, scope, here);
  note(usedIn(body['where_clause'], scope).own, 'filtered');
  for (const clause of OTHER_CLAUSES) usedIn(body[clause], scope);
  const keys = partitionKeysOf(body, scope);
  if (isParts(body['group_by'])) {
    const grouped = groupedBy(body['group_by'], rows, scope);
    note(grouped, 'grouped');
    keys.push(grouped);
  }
  return keys.length === 0 ? rows : barredBut(rows, shared(keys));
}

/** The columns by which each window of a SELECT is partitioned. */
function partitionKeysOf(body: SelectBody, scope: Scope): (readonly Origin[])[] {
  const windows = windowsIn([body.expressions, body.qualify, body.order_by]);
  return windows.map((window) =>
    partsIn(window['partition_by']).flatMap((key) => originsOfIsolated(key, scope)),
  );
}

/** Adds the items of a FROM clause to the scope, one after another. */
function bringAll(body: Parts, scope: Scope, here: Named[]): void {
  const start = here.length;
  for (const { from, join } of itemsIn(body)) {
    const before = here.length;
    bring(from, scope, here);
    if (join === null) continue;
    const right = here.splice(before);
    const left = here.splice(start);
    const keepsLeft = join['kind'] === 'Left' || join['kind'] === 'Full';
    const keepsRight = join['kind'] === 'Right' || join['kind'] === 'Full';
    // A condition excludes no row from the side that the join preserves.
    here.push(...barredIf(keepsLeft, left), ...barredIf(keepsRight, right));
    noteCondition(join['on'], scope);
    for (const { name } of partsIn(join['using'])) {
      for (const side of [left, right]) note(found([side], null, String(name).toLowerCase()), 'joined');
    }
    // And a filter does not reach the other side, whose rows it pads with NULL.
    here.splice(start, here.length, ...barredIf(keepsRight, left), ...barredIf(keepsLeft, right));
  }
}

function barredIf(isBarred: boolean, side: readonly Named[]): readonly Named[] {
  return isBarred ? side.map(({ name, rows }) => ({ name, rows: barredRows(rows) })) : side;
}

/** Of a join's conditions, those on a single table filter it. */
function noteCondition(on: unknown, scope: Scope): void {
  if (!isParts(on)) return;
  for (const conjunct of conjunctsOf(on as Expression)) {
    const { own, nested } = usedIn(conjunct, scope);
    note(own, 'joined');
    const isOfOneTable =
      nested.length === 0 &&
      new Set(own.map(({ mention }) => mention)).size === 1 &&
      columnsIn(conjunct).every((column) => originsOfColumn(column, scope).length > 0);
    if (isOfOneTable) note(own, 'filtered');
  }
}

function bring(from: Parts, scope: Scope, here: Named[]): void {
  const name = nameOf(from);
  if (isParts(from['table']) && isTable(from['table'])) {
    here.push({ name, rows: rowsOfTable(from['table'], scope) });
  } else if ('subquery' in from) {
    here.push({ name, rows: rowsOf(from, { ...scope, sight: scope.sight.slice(1) }) });
  } else if (isParts(from['joined_table'])) {
    bringAll(from['joined_table'], scope, here);
  } else {
    here.push({ name, rows: rowsOfOther(from, name, scope) });
  }
}

function rowsOfTable(table: TableBody, { common, mentionOf }: Scope): Rows {
  const known = common.get(bareNameOf(table) ?? '');
  if (known !== undefined) return readOnceMore(known);
  const mention = mentionOf(table);
  return mention === null ? NO_ROWS : { ...NO_ROWS, open: [[{ mention, filterable: null }]] };
}

/** PIVOT, whose columns are new or those of its input; UNNEST; table functions. */
function rowsOfOther(from: Parts, name: string | null, scope: Scope): Rows {
  const [body] = Object.values(from).filter(isParts);
  const inner = body?.['this'];
  if (isParts(inner) && RELATIONS.some((relation) => relation in inner)) {
    const { this: _brought, ...others } = body ?? {};
    usedIn(others, scope);
    const here: Named[] = [];
    bring(inner, scope, here);
    const isTurned = 'pivot' in from || 'unpivot' in from;
    const turned = isTurned ? namesIn(others).map((called) => ({ name: called, origins: [] })) : [];
    return withColumns(sideBySide(here), turned);
  }
  usedIn(from, scope);
  const isArray = 'unnest' in from || (isParts(inner) && 'unnest' in inner);
  if (!isArray) return UNKNOWN_ROWS;
  return name === null ? NO_ROWS : { ...NO_ROWS, columns: [{ name, origins: [] }] };
}

function rowsOfList(list: readonly Expression[], scope: Scope, here: readonly Named[]): Rows {
  return sideBySide(
    list.map((projected) => {
      const bare: Parts = uncommented(projected);
      if (isParts(bare['star'])) return { rows: rowsOfStar(bare['star'], scope, here) };
      return { rows: { ...NO_ROWS, columns: [columnIn(bare, scope)] } };
    }),
  );
}

function rowsOfStar(star: Parts, scope: Scope, here: readonly Named[]): Rows {
  const table = isParts(star['table']) ? String(star['table']['name']).toLowerCase() : null;
  const taken = here.filter(({ name }) => table === null || name === table.split('.').at(-1));
  const left = new Set(partsIn(star['except']).map(({ name }) => String(name).toLowerCase()));
  const rows = sideBySide(taken);
  const given = partsIn(star['replace']).map((alias) => columnIn({ alias }, scope));
  const columns = rows.columns.filter(({ name }) => !left.has(name));
  return withColumns({ ...rows, columns, opaque: rows.opaque || taken.length === 0 }, given);
}
