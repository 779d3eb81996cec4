import { Dialect, generate, parse } from '@polyglot-sql/sdk';
import { type Connections, quoteLiteral } from '../duckdb/connections.ts';
import { type Body, bodiesIn, identifier, isBody, nodeOf, rewriteTree } from '../googlesql/tree.ts';
import { NULL_PARTITION } from './table-bytes.ts';

/** The column by whose days a table is partitioned. */
export interface PartitionColumn {
  readonly name: string;
  readonly type: 'DATE' | 'TIMESTAMP' | 'DATETIME';
}

/**
 * The partitions that may hold rows matching the filters, as far as BigQuery knows before reading: comparisons of the
 * partition column with constants count; nothing else in a filter prunes.
 * @see https://cloud.google.com/bigquery/docs/querying-partitioned-tables
 */
export async function prune(
  planner: Connections,
  partitions: readonly string[],
  column: PartitionColumn,
  filters: readonly string[],
): Promise<ReadonlySet<string>> {
  const conditions = filters
    .map((filter) => parseDayCondition(filter, column.name))
    .filter((condition) => condition !== null);
  const days = partitions.filter((partition) => partition !== NULL_PARTITION);
  if (conditions.length === 0 || days.length === 0) return new Set(partitions);
  const [first, last] = BOUNDS[column.type];
  const rows = await planner.rows(
    `SELECT day FROM (
       SELECT day, ${first} AS ${FIRST}, ${last} AS ${LAST}
       FROM (SELECT unnest([${days.map(quoteLiteral).join(', ')}]) AS day)
     ) WHERE coalesce(${conditions.join(' AND ')}, FALSE)`,
  );
  return new Set(rows.map((row) => String(row['day'])));
}

/** The filter's columns, in lower case; every name in the text if it cannot be parsed. */
export function columnsIn(filter: string): readonly string[] {
  const expression = parseCondition(filter);
  if (expression === null)
    return (filter.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []).map((word) => word.toLowerCase());
  return bodiesIn(expression)
    .map((body) => (isBody(body['column']) ? identifier(body['column']['name']) : null))
    .filter((name) => name !== null)
    .map((name) => name.toLowerCase());
}

const FIRST = 'first_instant';
const LAST = 'last_instant';

/** The first and the last value that a day's partition can hold. */
const BOUNDS: Readonly<Record<PartitionColumn['type'], readonly [string, string]>> = {
  DATE: ['CAST(day AS DATE)', 'CAST(day AS DATE)'],
  TIMESTAMP: [
    'CAST(day AS TIMESTAMPTZ)',
    "CAST(day AS TIMESTAMPTZ) + INTERVAL '1 day' - INTERVAL '1 microsecond'",
  ],
  DATETIME: [
    'CAST(day AS TIMESTAMP)',
    "CAST(day AS TIMESTAMP) + INTERVAL '1 day' - INTERVAL '1 microsecond'",
  ],
};

function parseDayCondition(filter: string, column: string): string | null {
  const expression = parseCondition(filter);
  return expression === null ? null : dayCondition(expression, column);
}

/** Whether a condition can hold within a day, given the day's first and last instant; null if it does not say. */
function dayCondition(expression: unknown, column: string): string | null {
  const node = nodeOf(expression);
  if (node === null) return null;
  const { type, body } = node;
  switch (type) {
    case 'paren':
      return dayCondition(body['this'], column);
    case 'and':
      return and(dayCondition(body['left'], column), dayCondition(body['right'], column));
    case 'or':
      return or([dayCondition(body['left'], column), dayCondition(body['right'], column)]);
    case 'between':
      return body['not'] === true
        ? null
        : and(
            compareDay('gte', body['this'], body['low'], column),
            compareDay('lte', body['this'], body['high'], column),
          );
    case 'in':
      return inList(body, column);
    default:
      return comparison(type, body, column);
  }
}

function and(left: string | null, right: string | null): string | null {
  if (left === null || right === null) return left ?? right;
  return `(${left} AND ${right})`;
}

/** If one side of an OR says nothing about the day, neither does the whole. */
function or(sides: readonly (string | null)[]): string | null {
  return sides.some((side) => side === null) ? null : `(${sides.join(' OR ')})`;
}

function inList(body: Body, column: string): string | null {
  const values = body['expressions'];
  if (body['not'] === true || !Array.isArray(values) || values.length === 0) return null;
  return or(values.map((value) => compareDay('eq', body['this'], value, column)));
}

/** The equivalent comparison with its sides swapped. */
const MIRRORED: Readonly<Record<string, string>> = { eq: 'eq', lt: 'gt', lte: 'gte', gt: 'lt', gte: 'lte' };

function comparison(type: string, body: Body, column: string): string | null {
  const mirrored = MIRRORED[type];
  if (mirrored === undefined) return null;
  return (
    compareDay(type, body['left'], body['right'], column) ??
    compareDay(mirrored, body['right'], body['left'], column)
  );
}

/** `f(column) OP constant` with a monotonic f: a day is kept if its first or last instant can match. */
function compareDay(operator: string, side: unknown, constant: unknown, column: string): string | null {
  if (!isMonotonic(side, column) || !isConstant(constant)) return null;
  const value = sqlOf(constant);
  const first = sqlOf(substituteColumn(side, FIRST));
  const last = sqlOf(substituteColumn(side, LAST));
  switch (operator) {
    case 'eq':
      return `(${first} <= ${value} AND ${last} >= ${value})`;
    case 'lt':
      return `(${first} < ${value})`;
    case 'lte':
      return `(${first} <= ${value})`;
    case 'gt':
      return `(${last} > ${value})`;
    default:
      return `(${last} >= ${value})`;
  }
}

/** The column itself, its date, or its truncation: whatever keeps the order of instants. */
function isMonotonic(expression: unknown, column: string): boolean {
  const node = nodeOf(expression);
  if (node === null) return false;
  const { type, body } = node;
  if (type === 'column') return identifier(body['name'])?.toLowerCase() === column.toLowerCase();
  if (type === 'paren') return isMonotonic(body['this'], column);
  if (type === 'cast') return isTimeType(body['to']) && isMonotonic(body['this'], column);
  if (type === 'date_trunc') return isMonotonic(body['this'], column);
  return false;
}

function isTimeType(to: unknown): boolean {
  return isBody(to) && ['date', 'timestamp', 'timestamp_tz', 'timestamptz'].includes(String(to['data_type']));
}

function isConstant(expression: unknown): boolean {
  return bodiesIn(expression).every(
    (body) => !('column' in body) && !('select' in body) && !('subquery' in body),
  );
}

function substituteColumn(expression: unknown, instant: string): unknown {
  return rewriteTree(expression, (type, body) =>
    type === 'column'
      ? { column: { ...body, name: { ...(isBody(body['name']) ? body['name'] : {}), name: instant } } }
      : null,
  );
}

function parseCondition(filter: string): unknown | null {
  const [statement] = statementsOf(`SELECT ${filter}`);
  const expressions = nodeOf(statement)?.body['expressions'];
  return Array.isArray(expressions) ? expressions[0] : null;
}

function sqlOf(expression: unknown): string {
  const [select] = statementsOf('SELECT 1');
  const generated = generate(
    [{ select: { ...nodeOf(select)?.body, expressions: [expression] } }],
    Dialect.DuckDB,
  );
  const [sql] = generated.sql ?? [];
  if (sql === undefined) throw new Error(`a condition could not be written: ${generated.error}`);
  return sql.replace(/^SELECT /, '');
}

function statementsOf(sql: string): readonly unknown[] {
  const parsed = parse(sql, Dialect.DuckDB);
  return parsed.success && Array.isArray(parsed.ast) ? parsed.ast : [];
}
