import { quoteIdentifier } from '../duckdb/connections.ts';
import type { FieldSchema } from '../warehouse.ts';

/** A column, or a member of a record, that is read and billed separately. */
export interface Leaf {
  /** `customer.state`; an array is one leaf, whatever it contains. */
  readonly path: string;
  /** DuckDB's expression for the logical bytes in one row. */
  readonly bytesSql: string;
}

/**
 * Logical bytes of a value by type; null takes none.
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#data_type_sizes
 */
const FIXED_BYTES: Readonly<Record<string, number>> = {
  INTEGER: 8,
  FLOAT: 8,
  NUMERIC: 16,
  BOOLEAN: 1,
  TIMESTAMP: 8,
  DATE: 8,
  TIME: 8,
  DATETIME: 8,
  INTERVAL: 16,
};

/** The leaves of a table's schema, in order. */
export function leavesOf(schema: readonly FieldSchema[]): readonly Leaf[] {
  return schema.flatMap((field) => leaves(field, field.name, quoteIdentifier(field.name)));
}

function leaves(field: FieldSchema, path: string, expression: string): readonly Leaf[] {
  if (field.type !== 'RECORD' || field.mode === 'REPEATED') {
    return [{ path: path.toLowerCase(), bytesSql: bytesOf(field, expression) }];
  }
  return (field.fields ?? []).flatMap((member) =>
    leaves(member, `${path}.${member.name}`, `${expression}.${quoteIdentifier(member.name)}`),
  );
}

function bytesOf(field: FieldSchema, expression: string, depth = 0): string {
  if (field.mode === 'REPEATED') {
    const item = `item${depth}`;
    const itemBytes = bytesOf({ ...field, mode: 'NULLABLE' }, item, depth + 1);
    return `coalesce(list_sum(list_transform(${expression}, lambda ${item}: ${itemBytes})), 0)`;
  }
  if (field.type === 'RECORD') {
    const members = (field.fields ?? []).map((member) =>
      bytesOf(member, `${expression}.${quoteIdentifier(member.name)}`, depth),
    );
    return `(${members.join(' + ')})`;
  }
  const fixed = FIXED_BYTES[field.type];
  if (fixed !== undefined) return `CASE WHEN ${expression} IS NULL THEN 0 ELSE ${fixed} END`;
  // STRING, BYTES and JSON: two bytes plus the content.
  const content =
    field.type === 'BYTES' ? `octet_length(${expression})` : `strlen(CAST(${expression} AS VARCHAR))`;
  return `coalesce(2 + ${content}, 0)`;
}
