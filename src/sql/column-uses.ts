import {
  type Column,
  distinct,
  found,
  type Mention,
  type Named,
  NO_ROWS,
  type Origin,
  originsOf,
  type Rows,
  type Sight,
  sideBySide,
  stacked,
  UNKNOWN_ROWS,
} from './column-rows.ts';
import { type CommonTable, handOn, note, readOnceMore } from './common-table-reads.ts';
import {
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
  withClauseOf,
} from './syntax-parts.ts';

/** What a query finds around it. */
interface Scope {
  readonly mentionOf: MentionOf;
  /** Common tables by name, in lower case. */
  readonly common: ReadonlyMap<string, CommonTable>;
  /** All common tables that have been followed, each behind those that it reads. */
  readonly followed: CommonTable[];
  readonly sight: Sight;
}

interface Used {
  readonly own: Origin[];
  readonly nested: Origin[];
}

/** The record of a mention of a table; null for what is no table: an array of a row. */
type MentionOf = (table: TableBody) => Mention | null;

/** Clauses that use columns in a way that no rule asks about; subqueries in them are followed all the same. */
const OTHER_CLAUSES = ['having', 'qualify', 'order_by', 'windows'] as const;

/** What stands in FROM and gives rows of its own, by the name of its node. */
const RELATIONS = ['table', 'subquery', 'joined_table', 'pivot', 'unpivot', 'alias'] as const;

/**
 * Follows each column of a query back to the tables that it comes from, through common tables, subqueries and set
 * operations, and notes in their mentions how it is used. A column that could be of several tables counts for none.
 * Takes a time in proportion to the query; polyglot's own analysis takes one that grows with the cube of the operands
 * of UNION, half a minute for a hundred.
 */
export function noteColumnUses(query: Parts, mentionOf: MentionOf): void {
  const followed: CommonTable[] = [];
  note(originsOf(rowsOf(query, { mentionOf, common: new Map(), followed, sight: [] })), 'projected');
  for (const table of followed.reverse()) handOn(table);
}

function rowsOf(part: unknown, outer: Scope): Rows {
  if (!isParts(part)) return UNKNOWN_ROWS;
  const body = queryIn(part);
  if (body === null)
    return isParts(part['annotated']) ? rowsOf(part['annotated']['this'], outer) : UNKNOWN_ROWS;
  const scope = { ...outer, common: withCommonTables(body, outer) };
  if (isSelect(body)) return rowsOfSelect(body, scope);
  if (!('left' in body)) return rowsOf(body['this'], scope);
  return stacked(rowsOf(body['left'], scope), rowsOf(body['right'], scope));
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
    // What a recursive one reads of itself, or of one behind it, adds no origin to columns; no filter comes by there.
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
  const rows = rowsOfList(partsIn(body['expressions']), scope, here);
  note(usedIn(body['where_clause'], scope).own, 'filtered');
  if (isParts(body['group_by']))
    note(groupedBy(partsIn(body['group_by']['expressions']), rows, scope), 'grouped');
  for (const clause of OTHER_CLAUSES) usedIn(body[clause], scope);
  return rows;
}

/** Brings what stands in a FROM clause into sight, one after another. */
function bringAll(body: Parts, scope: Scope, here: Named[]): void {
  for (const { from, join } of itemsIn(body)) {
    const before = [...here];
    bring(from, scope, here);
    if (join === null) continue;
    note(usedIn(join['on'], scope).own, 'joined');
    const sides = [before, here.slice(before.length)];
    for (const { name } of partsIn(join['using'])) {
      for (const side of sides) note(found([side], null, String(name).toLowerCase()), 'joined');
    }
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
  const known = table.schema === null ? common.get(table.name.name.toLowerCase()) : undefined;
  if (known !== undefined) return readOnceMore(known);
  const mention = mentionOf(table);
  return mention === null ? NO_ROWS : { ...NO_ROWS, open: [[mention]] };
}

/** PIVOT, whose columns are those of what it turns or new ones; UNNEST; functions that give tables. */
function rowsOfOther(from: Parts, name: string | null, scope: Scope): Rows {
  const [body] = Object.values(from).filter(isParts);
  const inner = body?.['this'];
  if (isParts(inner) && RELATIONS.some((relation) => relation in inner)) {
    const { this: _brought, ...others } = body ?? {};
    usedIn(others, scope);
    const here: Named[] = [];
    bring(inner, scope, here);
    return sideBySide(here);
  }
  usedIn(from, scope);
  const isArray = 'unnest' in from || (isParts(inner) && 'unnest' in inner);
  if (!isArray) return UNKNOWN_ROWS;
  return name === null ? NO_ROWS : { ...NO_ROWS, columns: [{ name, origins: [] }] };
}

function rowsOfList(list: readonly Parts[], scope: Scope, here: readonly Named[]): Rows {
  return sideBySide(
    list.map((projected) => {
      const bare = isParts(projected['annotated']) ? projected['annotated']['this'] : projected;
      if (isParts(bare) && isParts(bare['star'])) return { rows: rowsOfStar(bare['star'], scope, here) };
      return { rows: { ...NO_ROWS, columns: [columnIn(bare, scope)] } };
    }),
  );
}

function rowsOfStar(star: Parts, scope: Scope, here: readonly Named[]): Rows {
  const table = isParts(star['table']) ? String(star['table']['name']).toLowerCase() : null;
  const taken = here.filter(({ name }) => table === null || name === table.split('.').at(-1));
  const left = new Set(partsIn(star['except']).map(({ name }) => String(name).toLowerCase()));
  const rows = sideBySide(taken);
  usedIn(star['replace'], scope);
  return {
    columns: rows.columns.filter(({ name }) => !left.has(name)),
    open: rows.open,
    opaque: rows.opaque || taken.length === 0,
  };
}

function columnIn(expression: unknown, scope: Scope): Column {
  const { own, nested } = usedIn(expression, scope);
  return { name: columnNameOf(expression), origins: distinct([...own, ...nested]) };
}

/** What GROUP BY names by place, by the name that the SELECT gives, or as a column of FROM. */
function groupedBy(expressions: readonly Parts[], rows: Rows, scope: Scope): readonly Origin[] {
  return expressions.flatMap((expression) => {
    const place = isParts(expression['literal']) ? Number(expression['literal']['value']) : 0;
    if (place > 0) return rows.columns[place - 1]?.origins ?? [];
    const name = columnNameOf(expression);
    const given = rows.columns.filter((column) => name !== '' && column.name === name);
    return given.length > 0 ? given.flatMap(({ origins }) => origins) : usedIn(expression, scope).own;
  });
}

/** The columns that an expression itself uses, and those that subqueries in it give. */
function usedIn(expression: unknown, scope: Scope, used: Used = { own: [], nested: [] }): Used {
  if (Array.isArray(expression)) for (const item of expression) usedIn(item, scope, used);
  if (!isParts(expression)) return used;
  if (isParts(expression['column'])) used.own.push(...originsOfColumn(expression['column'], scope));
  else if (queryIn(expression) !== null) used.nested.push(...originsOf(rowsOf(expression, scope)));
  else usedIn(Object.values(expression), scope, used);
  return used;
}

function originsOfColumn({ name, table }: Parts, { sight }: Scope): readonly Origin[] {
  if (!isParts(name)) return [];
  const qualifier = isParts(table) ? String(table['name']).toLowerCase() : null;
  return found(sight, qualifier, String(name['name']).toLowerCase());
}

/** The name that a SELECT gives to an expression, in lower case; empty where it gives none. */
function columnNameOf(expression: unknown): string {
  if (!isParts(expression)) return '';
  const { alias, column, dot } = expression;
  const named = isParts(alias)
    ? alias['alias']
    : isParts(column)
      ? column['name']
      : isParts(dot)
        ? dot['field']
        : null;
  return isParts(named) ? String(named['name']).toLowerCase() : '';
}
