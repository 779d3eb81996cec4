import {
  type DuckDBDecimalType,
  type DuckDBListType,
  type DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from '@duckdb/node-api';
import type { FieldSchema } from '../warehouse.ts';
import { quoteIdentifier } from './connections.ts';

/** DuckDB's type for each of BigQuery's scalar types, under the API's names. */
const DUCKDB_TYPES: Readonly<Record<string, string>> = {
  STRING: 'VARCHAR',
  BYTES: 'BLOB',
  INTEGER: 'BIGINT',
  FLOAT: 'DOUBLE',
  NUMERIC: 'DECIMAL(38,9)',
  BOOLEAN: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMPTZ',
  DATE: 'DATE',
  TIME: 'TIME',
  DATETIME: 'TIMESTAMP',
  INTERVAL: 'INTERVAL',
  JSON: 'JSON',
};

/** BigQuery's type for each of DuckDB's; any other is reported as STRING. */
const BIGQUERY_TYPES: ReadonlyMap<DuckDBTypeId, string> = new Map([
  [DuckDBTypeId.BOOLEAN, 'BOOLEAN'],
  [DuckDBTypeId.TINYINT, 'INTEGER'],
  [DuckDBTypeId.SMALLINT, 'INTEGER'],
  [DuckDBTypeId.INTEGER, 'INTEGER'],
  [DuckDBTypeId.BIGINT, 'INTEGER'],
  // A SUM over BIGINT is a HUGEINT; in BigQuery it is an INT64.
  [DuckDBTypeId.HUGEINT, 'INTEGER'],
  [DuckDBTypeId.UTINYINT, 'INTEGER'],
  [DuckDBTypeId.USMALLINT, 'INTEGER'],
  [DuckDBTypeId.UINTEGER, 'INTEGER'],
  [DuckDBTypeId.UBIGINT, 'INTEGER'],
  [DuckDBTypeId.UHUGEINT, 'INTEGER'],
  [DuckDBTypeId.FLOAT, 'FLOAT'],
  [DuckDBTypeId.DOUBLE, 'FLOAT'],
  [DuckDBTypeId.DECIMAL, 'NUMERIC'],
  [DuckDBTypeId.DATE, 'DATE'],
  [DuckDBTypeId.TIME, 'TIME'],
  [DuckDBTypeId.TIMESTAMP, 'DATETIME'],
  [DuckDBTypeId.TIMESTAMP_S, 'DATETIME'],
  [DuckDBTypeId.TIMESTAMP_MS, 'DATETIME'],
  [DuckDBTypeId.TIMESTAMP_NS, 'DATETIME'],
  [DuckDBTypeId.TIMESTAMP_TZ, 'TIMESTAMP'],
  [DuckDBTypeId.INTERVAL, 'INTERVAL'],
  [DuckDBTypeId.BLOB, 'BYTES'],
]);

/** A column's type in a DuckDB declaration. */
export function duckdbType(field: FieldSchema): string {
  const members = (field.fields ?? []).map(
    (member) => `${quoteIdentifier(member.name)} ${duckdbType(member)}`,
  );
  const scalar = field.type === 'RECORD' ? `STRUCT(${members.join(', ')})` : DUCKDB_TYPES[field.type];
  if (scalar === undefined) throw new Error(`the sandbox has no column type ${field.type}`);
  return field.mode === 'REPEATED' ? `${scalar}[]` : scalar;
}

/** A result column in BigQuery's schema. */
export function fieldSchema(name: string, type: DuckDBType): FieldSchema {
  if (isList(type)) return { ...fieldSchema(name, type.valueType), mode: 'REPEATED' };
  if (isStruct(type)) {
    const fields = type.entryNames.map((member, index) => fieldSchema(member, memberType(type, index)));
    return { name, type: 'RECORD', mode: 'NULLABLE', fields };
  }
  if (isDecimal(type) && type.scale === 0) return { name, type: 'INTEGER', mode: 'NULLABLE' };
  if (type.alias === 'JSON') return { name, type: 'JSON', mode: 'NULLABLE' };
  return { name, type: BIGQUERY_TYPES.get(type.typeId) ?? 'STRING', mode: 'NULLABLE' };
}

function memberType(type: DuckDBStructType, index: number): DuckDBType {
  const member = type.entryTypes[index];
  if (member === undefined) throw new Error('a struct has fewer types than names');
  return member;
}

function isList(type: DuckDBType): type is DuckDBListType {
  return type.typeId === DuckDBTypeId.LIST;
}

function isStruct(type: DuckDBType): type is DuckDBStructType {
  return type.typeId === DuckDBTypeId.STRUCT;
}

function isDecimal(type: DuckDBType): type is DuckDBDecimalType {
  return type.typeId === DuckDBTypeId.DECIMAL;
}
