import { type ColumnBody, columnsIn, functionName, unwrap } from '../antipatterns/queries/tree.ts';
import type { Expression } from '../syntax/syntax-parts.ts';

/** Types by which a table can be partitioned; casting a value between them keeps its order. */
const TIMES: ReadonlySet<string> = new Set(['date', 'datetime', 'timestamp', 'timestamp_tz', 'timestamptz']);

/** Functions that keep the order of instants, through which BigQuery still sees the partitions. */
const MONOTONIC_FUNCTIONS = new Set([
  'DATE',
  'DATETIME',
  'TIMESTAMP',
  'DATE_TRUNC',
  'DATETIME_TRUNC',
  'TIMESTAMP_TRUNC',
]);

/**
 * The column in an expression, if it stands alone, is cast between date and time types, or is truncated; otherwise
 * null. Through any of these, BigQuery can still prune partitions.
 * @see https://cloud.google.com/bigquery/docs/querying-partitioned-tables
 */
export function isolatedColumn(expression: Expression): ColumnBody | null {
  const node = unwrap(expression);
  if ('column' in node) return columnsIn(node)[0] ?? null;
  const inner = monotonicArgument(node);
  return inner ? isolatedColumn(inner) : null;
}

function monotonicArgument(node: Expression): Expression | null | undefined {
  if ('cast' in node) return keepsOrder(node.cast.to) ? node.cast.this : null;
  if ('timestamp' in node) return node.timestamp.this;
  if ('date' in node) return node.date.this;
  if ('date_trunc' in node) return node.date_trunc.this;
  if ('timestamp_trunc' in node) return node.timestamp_trunc.this;
  if ('extract' in node) return node.extract.field === 'Date' ? atAnyTimeZone(node.extract.this) : null;
  return MONOTONIC_FUNCTIONS.has(functionName(node) ?? '') && 'function' in node
    ? node.function.args[0]
    : null;
}

/** `DATE(t, z)` is also written as `EXTRACT(DATE FROM t AT TIME ZONE z)`. */
function atAnyTimeZone(expression: Expression): Expression {
  return 'at_time_zone' in expression ? expression.at_time_zone.this : expression;
}

function keepsOrder(type: { readonly data_type: string; readonly name?: string }): boolean {
  return TIMES.has(type.data_type) || TIMES.has(type.name?.toLowerCase() ?? '');
}
