import type { Connections } from '../duckdb/connections.ts';
import { schemaOf } from '../rows/result-set.ts';
import type { FieldSchema, TableReference } from '../warehouse.ts';
import { duckdbName } from './catalog.ts';

/** The columns of a table or view in DuckDB, with BigQuery's types. */
export async function columnsOf(
  connections: Connections,
  table: TableReference,
): Promise<readonly FieldSchema[]> {
  return connections.use(async (connection) => {
    const reader = await connection.runAndReadAll(`SELECT * FROM ${duckdbName(table)} LIMIT 0`);
    return schemaOf(reader.columnNames(), reader.columnTypes());
  });
}
