import { quoteLiteral } from '../duckdb/connections.ts';
import type { FieldSchema } from '../warehouse.ts';

/** How much data there is, and for which days. */
export interface Scale {
  /** ISO date of the first day. */
  readonly firstDay: string;
  /** ISO date of the last day. */
  readonly lastDay: string;
  readonly messages: number;
  readonly tickets: number;
  readonly contracts: number;
}

/** A table with data, and the DuckDB SELECT that makes its rows, the same ones each time. */
export interface TableDefinition {
  readonly tableId: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly schema: readonly FieldSchema[];
  /** The column by whose days the table is partitioned. */
  readonly partitionField: string | null;
  readonly clustering: readonly string[];
  rows(scale: Scale): string;
}

/** A view, in GoogleSQL, as a BigQuery user would have written it. */
export interface ViewDefinition {
  readonly tableId: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly query: string;
}

export interface DatasetDefinition {
  readonly datasetId: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Ordered so that each may read those before it. */
  readonly tables: readonly TableDefinition[];
  readonly views: readonly ViewDefinition[];
}

export const DAYS = 92;

export function column(name: string, type: string, description: string): FieldSchema {
  return { name, type, mode: 'NULLABLE', description };
}

export function repeatedString(name: string, description: string): FieldSchema {
  return { name, type: 'STRING', mode: 'REPEATED', description };
}

export function record(name: string, description: string, fields: readonly FieldSchema[]): FieldSchema {
  return { name, type: 'RECORD', mode: 'NULLABLE', description, fields };
}

/**
 * Rows are drawn from a hash of the row's number and a salt: the same data each time, however many threads DuckDB uses.
 * `draw(i, salt, n)` is an integer from 0 up to n, exclusive.
 */
export const DRAWING_MACROS: readonly string[] = [
  'draw(i, salt, n) AS CAST(hash(i * 1009 + salt) % n AS BIGINT)',
];

/** One of the items, drawn. It uses CASE: taking an element of a list literal is twenty times slower. */
export function pick(number: string, salt: number, items: readonly string[]): string {
  const cases = items.map((item, index) => `WHEN ${index} THEN ${quoteLiteral(item)}`);
  return `CASE draw(${number}, ${salt}, ${items.length}) ${cases.join(' ')} END`;
}

/** A list of strings in DuckDB's SQL. */
export function list(items: readonly string[]): string {
  return `[${items.map(quoteLiteral).join(', ')}]`;
}
