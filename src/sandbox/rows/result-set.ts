import type { DuckDBResultReader, DuckDBType } from '@duckdb/node-api';
import { fieldSchema } from '../duckdb/field-types.ts';
import type { EncodingOptions, FieldSchema, ResultSet, Row } from '../warehouse.ts';
import { encodeCell } from './cell.ts';

/** The rows of a query, held as DuckDB made them and encoded on demand. */
export function resultSetOf(reader: DuckDBResultReader): ResultSet {
  const schema = schemaOf(reader.columnNames(), reader.columnTypes());
  const encodeRow = (row: number, encoding: EncodingOptions): Row => ({
    f: schema.map((field, column) => ({ v: encodeCell(reader.value(column, row), field, encoding) })),
  });
  return {
    schema,
    totalRows: reader.currentRowCount,
    affectedRows: null,
    page(startIndex, maxResults, encoding) {
      const count = Math.max(0, Math.min(maxResults, reader.currentRowCount - startIndex));
      return Array.from({ length: count }, (_, index) => encodeRow(startIndex + index, encoding));
    },
  };
}

/** The result of DML and DDL: no rows, and for DML the number of rows changed. */
export function emptyResultSet(affectedRows: bigint | null): ResultSet {
  return { schema: [], totalRows: 0, affectedRows, page: () => [] };
}

/** The BigQuery schema of a result's columns. */
export function schemaOf(names: readonly string[], types: readonly DuckDBType[]): readonly FieldSchema[] {
  return types.map((type, index) => fieldSchema(names[index] ?? '', type));
}
