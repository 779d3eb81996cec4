import type { ColumnBody } from '../antipatterns/queries/tree.ts';
import { withoutCallNames } from '../syntax/call-names.ts';
import { rowsQualifiedBy } from '../syntax/qualified-rows.ts';
import {
  type Expression,
  innerParts,
  isParts,
  type Parts,
  partsIn,
  queryIn,
  type TableBody,
} from '../syntax/syntax-parts.ts';
import type { Allowance } from './allowance.ts';
import { type Column, originsOf, type RowScope, type Rows } from './column-rows.ts';
import { type CommonTable, recordUse, recordVariables } from './common-table-reads.ts';
import { commonOrigins } from './filter-reach.ts';
import { filteringColumns } from './filtering-columns.ts';
import { findColumn, mayBeOfSeveral } from './find-column.ts';
import { isolatedColumn } from './isolated-column.ts';
import { blockFilters, distinct, type Mention, type Origin } from './origins.ts';

/** What is in scope around a query. */
export interface Scope {
  readonly mentionOf: MentionOf;
  /** Common tables by name, in lower case. */
  readonly common: ReadonlyMap<string, CommonTable>;
  /** All common tables that have been followed, each after those that it reads. */
  readonly followed: CommonTable[];
  readonly rowScope: RowScope;
  /** Where everything that the query reads is added: that of a common table, or of the statement. */
  readonly mentions: Mention[];
  /** Whether a condition around it that never holds keeps all of its rows out. */
  readonly isNeverRead: boolean;
  /** The names, in lower case, that a script declares; a column of such a name goes before. */
  readonly variables: ReadonlySet<string>;
  /** What is left for columns that may be one of several tables'. */
  readonly allowance: Allowance;
  /** Follows a query inside an expression. */
  readonly rowsOf: (query: Parts, scope: Scope) => Rows;
}

interface UsedColumns {
  readonly own: Origin[];
  readonly nested: Origin[];
}

/** The record of a mention of a table; null for something that is not a table: an array in a row. */
export type MentionOf = (table: TableBody) => Mention | null;

/**
 * What a SELECT makes of columns. A filter on the result filters the table if the result is one of its columns, or one
 * cast to another date or time type.
 */
export function columnIn(expression: Parts, scope: Scope): Column {
  const { own, nested } = columnsUsedIn(expression, scope);
  const origins = distinct([...originsOfIsolated(expression, scope), ...blockFilters([...own, ...nested])]);
  return { name: columnNameOf(expression), origins };
}

/** What GROUP BY names by position, by the SELECT's alias, or as a column of FROM. */
export function groupingColumns(clause: Parts, rows: Rows, scope: Scope): readonly Origin[] {
  if (clause['all'] === true) return commonOrigins([originsOf(rows)]);
  return partsIn(clause['expressions']).flatMap((expression) => {
    const position = isParts(expression['literal']) ? Number(expression['literal']['value']) : 0;
    if (position > 0) return rows.columns[position - 1]?.origins ?? [];
    const { name, origins } = columnIn(expression, scope);
    const selected = rows.columns.filter((column) => name !== '' && column.name === name);
    return selected.length > 0 ? selected.flatMap((column) => column.origins) : origins;
  });
}

/** The columns that an expression uses itself, and those that subqueries in it return. */
export function columnsUsedIn(
  expression: unknown,
  scope: Scope,
  used: UsedColumns = { own: [], nested: [] },
): UsedColumns {
  if (Array.isArray(expression)) for (const item of expression) columnsUsedIn(item, scope, used);
  if (!isParts(expression)) return used;
  if (isParts(expression['column'])) used.own.push(...originsOfColumn(expression['column'], scope));
  else if (queryIn(expression) !== null) used.nested.push(...originsOf(scope.rowsOf(expression, scope)));
  else for (const part of innerParts(withoutCallNames(expression))) columnsUsedIn(part, scope, used);
  return used;
}

/** For an expression that is a column, or a column cast to another date or time type; empty for any other. */
export function originsOfIsolated(expression: Parts, scope: Scope): readonly Origin[] {
  const { alias } = expression;
  const column = isolatedColumn((isParts(alias) ? alias['this'] : expression) as Expression);
  return column === null ? [] : originsOfColumn(column, scope);
}

/** The columns by which a condition filters, outside queries in it. */
export function filteringOrigins(condition: unknown, scope: Scope): readonly Origin[] {
  const of = (column: ColumnBody) => originsOfColumn(column, scope);
  const compared = (found: readonly Origin[], all: readonly ColumnBody[]) =>
    comparedOrigins(found, all, scope);
  return filteringColumns(condition, { of, common: commonOrigins, compared });
}

/**
 * None if some column is certainly of other tables than another; those of no table may be any. A column whose table is not
 * known may be another table's: beside others, it must be a variable.
 */
function comparedOrigins(
  found: readonly Origin[],
  columns: readonly ColumnBody[],
  scope: Scope,
): readonly Origin[] {
  if (columns.length < 2) return found;
  const origins = columns.map((column) => comparedColumn(column, scope));
  const [first, ...others] = origins.map(({ of }) => mentionsIn(of)).filter(({ size }) => size > 0);
  if (!others.every((mentions) => [...mentions].some((mention) => first?.has(mention)))) return [];
  const unclear = origins.filter(({ isUnclear }) => isUnclear);
  const names = new Set(unclear.map(({ name }) => name));
  const declared = [...names].filter((name) => scope.variables.has(name));
  const open = names.size - declared.length;
  if (origins.some(({ of, isUnclear }) => !isUnclear && of.length > 0)) {
    const certain = found.filter(({ filtersIfOwn }) => open === 0 && !filtersIfOwn);
    recordVariables(certain, declared);
    return certain;
  }
  if (names.size < 2) return found;
  if (open !== 1) return [];
  recordVariables(
    unclear.flatMap(({ of }) => of),
    declared,
  );
  return found;
}

interface ComparedColumn {
  /** In lower case; of a field, the name of what it is a field of. */
  readonly name: string;
  readonly of: readonly Origin[];
  /** Whether the SQL does not say of which of several tables it is. */
  readonly isUnclear: boolean;
}

function comparedColumn(column: ColumnBody, scope: Scope): ComparedColumn {
  const [nearest = []] = scope.rowScope;
  const qualifier = column.table?.name.toLowerCase();
  const isOfRows =
    qualifier !== undefined && scope.rowScope.some((level) => rowsQualifiedBy(qualifier, level).length > 0);
  const name = isOfRows || qualifier === undefined ? column.name.name.toLowerCase() : qualifier;
  const own = column.table ? [] : originsOfColumn(column, { ...scope, rowScope: [nearest] });
  const of = own.length > 0 ? own : originsOfColumn(column, scope);
  const isUnclear =
    of.some(({ filtersIfOwn }) => filtersIfOwn) || (!isOfRows && mayBeOfSeveral(nearest, name));
  return { name, of, isUnclear };
}

/** The tables that a column is of: if it filters some, these. */
function mentionsIn(origins: readonly Origin[]): ReadonlySet<Mention> {
  const filtering = origins.filter(({ filtersBlocked }) => !filtersBlocked);
  return new Set((filtering.length > 0 ? filtering : origins).map(({ mention }) => mention));
}

/** Records how a condition uses columns. What a subquery in it selects is read, wherever it stands. */
export function recordCondition(condition: unknown, scope: Scope): void {
  const { own, nested } = columnsUsedIn(condition, scope);
  recordUse(own, 'tested');
  recordUse(nested, 'projected');
  recordUse(filteringOrigins(condition, scope), 'filtered');
}

export function originsOfColumn(
  { name, table }: { readonly name?: unknown; readonly table?: unknown },
  { rowScope, allowance }: Scope,
): readonly Origin[] {
  const qualifier = isParts(table) ? String(table['name']).toLowerCase() : null;
  // A parameter, or a field of one.
  if (!isParts(name) || (qualifier ?? String(name['name'])).startsWith('@')) return [];
  return findColumn(rowScope, qualifier, String(name['name']).toLowerCase(), allowance);
}

/** The alias that a SELECT gives to an expression, in lower case; empty if it gives none. */
function columnNameOf(expression: unknown): string {
  if (!isParts(expression)) return '';
  const named = nameIn(expression);
  return isParts(named) ? String(named['name']).toLowerCase() : '';
}

function nameIn({ alias, column, dot }: Parts): unknown {
  if (isParts(alias)) return alias['alias'];
  if (isParts(column)) return column['name'];
  return isParts(dot) ? dot['field'] : null;
}
