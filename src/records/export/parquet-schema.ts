import type { parquetWriteRows } from 'hyparquet-writer';
import { type ColumnKind, columns, type ExportColumn } from './columns.ts';

type SchemaElement = NonNullable<Parameters<typeof parquetWriteRows>[0]['schema']>[number];

/**
 * The columns as Parquet types: instants as TIMESTAMP in UTC, lists in the three levels that readers expect.
 * @see https://github.com/apache/parquet-format/blob/master/LogicalTypes.md
 */
export function parquetSchema(): SchemaElement[] {
  return [{ name: 'root', num_children: columns.length }, ...columns.flatMap(elementsOf)];
}

function elementsOf({ name, kind }: ExportColumn): SchemaElement[] {
  if (kind !== 'texts') return [{ name, repetition_type: 'OPTIONAL', ...TYPES[kind] }];
  return [
    {
      name,
      repetition_type: 'REQUIRED',
      num_children: 1,
      converted_type: 'LIST',
      logical_type: { type: 'LIST' },
    },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'REQUIRED', ...TYPES.text },
  ];
}

const TYPES: Readonly<Record<Exclude<ColumnKind, 'texts'>, Partial<SchemaElement>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT64' },
  instant: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  truth: { type: 'BOOLEAN' },
  number: { type: 'DOUBLE' },
};
