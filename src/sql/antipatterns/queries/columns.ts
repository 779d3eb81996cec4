import type { Expression } from '../../survey.ts';
import type { Select, TableSource } from './queries.ts';
import { isStored } from './rows.ts';
import { bare, type ColumnBody, columnsIn, functionName, nameOf } from './tree.ts';

/**
 * The stored tables that a column may be of. Several where it is not qualified: BigQuery refuses a name that more
 * than one has, so the table that has such a column is the one.
 */
export function tablesOf(select: Select, column: ColumnBody): readonly TableSource[] {
  const tables = select.sources.filter((source) => source.kind === 'table').filter(isStored);
  if (column.table === null) return tables;
  const qualifier = column.table.name.split('.').at(-1)?.toLowerCase();
  return tables.filter(({ name }) => name === qualifier);
}

/** The one stored table that a column can only be of; undefined where there are several, or none. */
export function tableOf(select: Select, column: ColumnBody): TableSource | undefined {
  const [table, ...others] = tablesOf(select, column);
  return others.length === 0 ? table : undefined;
}

/** What a projection is called in the answer, in lower case; null where nothing names it. */
export function outputName(projection: Expression): string | null {
  const node = bare(projection);
  if ('alias' in node) return node.alias.alias.name.toLowerCase();
  return 'column' in node ? nameOf(node.column) : null;
}

/**
 * Every name that a SELECT, or one that reads its rows, filters or joins by, in lower case. Filters of readers count
 * because BigQuery pushes them down to the tables.
 */
export function filteringNames(select: Select, seen = new Set<Select>()): ReadonlySet<string> {
  if (seen.has(select)) return new Set();
  seen.add(select);
  const names = new Set(ownFilteringNames(select));
  for (const reader of select.readers) {
    for (const name of filteringNames(reader, seen)) {
      for (const own of behind(select, name)) names.add(own);
    }
  }
  return names;
}

/** Kept for as long as the tree is: a common table is asked for them by each that it reads. */
const filters = new WeakMap<Select, readonly string[]>();

function ownFilteringNames(select: Select): readonly string[] {
  const known = filters.get(select);
  if (known !== undefined) return known;
  const { where_clause, having, qualify, joins } = select.body;
  const columns = columnsIn([where_clause, having, qualify, joins.map(({ on }) => on)]);
  const used = joins.flatMap(({ using }) => using.map(({ name }) => name.toLowerCase()));
  const names = [...columns.flatMap(namesIn), ...used];
  filters.set(select, names);
  return names;
}

/** The names by which a SELECT knows what it gives to its reader under this one. */
function behind(select: Select, name: string): readonly string[] {
  const projections = select.body.expressions.filter((projection) => outputName(projection) === name);
  return [name, ...columnsIn(projections).flatMap(namesIn)];
}

/** A column's name, and its qualifiers: `a.b` may be the field `b` of a column `a`. */
function namesIn(column: ColumnBody): readonly string[] {
  return [nameOf(column), ...(column.table?.name.toLowerCase().split('.') ?? [])];
}

/** Types by which a table can be partitioned, to which a value can be cast and keep its order. */
const TIMES: ReadonlySet<string> = new Set(['date', 'datetime', 'timestamp', 'timestamp_tz', 'timestamptz']);

/** Functions that keep the order of instants, through which BigQuery still sees the partitions. */
const NEVER_FALLING = new Set([
  'DATE',
  'DATETIME',
  'TIMESTAMP',
  'DATE_TRUNC',
  'DATETIME_TRUNC',
  'TIMESTAMP_TRUNC',
]);

/**
 * The column that an expression is, where it stands alone, is cast between date and time types, or is truncated;
 * else null. Through any of these BigQuery may still leave out partitions.
 * @see https://cloud.google.com/bigquery/docs/querying-partitioned-tables
 */
export function isolatedColumn(expression: Expression): ColumnBody | null {
  const node = bare(expression);
  if ('column' in node) return columnsIn(node)[0] ?? null;
  const inner = orderKeepingArgument(node);
  return inner ? isolatedColumn(inner) : null;
}

function orderKeepingArgument(node: Expression): Expression | null | undefined {
  if ('cast' in node) return keepsOrder(node.cast.to) ? node.cast.this : null;
  if ('timestamp' in node) return node.timestamp.this;
  if ('date' in node) return node.date.this;
  if ('date_trunc' in node) return node.date_trunc.this;
  if ('timestamp_trunc' in node) return node.timestamp_trunc.this;
  if ('extract' in node) return node.extract.field === 'Date' ? node.extract.this : null;
  return NEVER_FALLING.has(functionName(node) ?? '') && 'function' in node ? node.function.args[0] : null;
}

function keepsOrder(type: { readonly data_type: string; readonly name?: string }): boolean {
  return TIMES.has(type.data_type) || TIMES.has(type.name?.toLowerCase() ?? '');
}
