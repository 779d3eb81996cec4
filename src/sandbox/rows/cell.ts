import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { Cell, CellValue, EncodingOptions, FieldSchema } from '../warehouse.ts';
import { epochSeconds } from './epoch-seconds.ts';

/**
 * A DuckDB value in BigQuery's row encoding: every scalar is text, whatever its type.
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/tabledata/list
 */
export function encodeCell(value: DuckDBValue, field: FieldSchema, options: EncodingOptions): CellValue {
  // BigQuery has no null arrays: they are returned as empty ones.
  if (value === null) return field.mode === 'REPEATED' ? [] : null;
  if (typeof value === 'number') return field.type === 'FLOAT' ? encodeFloat(value) : String(value);
  if (value instanceof DuckDBTimestampTZValue) {
    return options.useInt64Timestamp ? value.micros.toString() : epochSeconds(value.micros);
  }
  if (value instanceof DuckDBListValue) {
    const item: FieldSchema = { ...field, mode: 'NULLABLE' };
    return value.items.map((element) => ({ v: encodeCell(element, item, options) }));
  }
  if (value instanceof DuckDBStructValue) return { f: encodeMembers(value, field, options) };
  return encodeScalar(value);
}

function encodeMembers(
  value: DuckDBStructValue,
  field: FieldSchema,
  options: EncodingOptions,
): readonly Cell[] {
  const members = Object.values(value.entries);
  return (field.fields ?? []).map((member, index) => ({
    v: encodeCell(members[index] ?? null, member, options),
  }));
}

function encodeScalar(value: NonNullable<DuckDBValue>): string {
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
  if (value instanceof DuckDBDecimalValue) return withoutTrailingZeros(value.toString());
  if (value instanceof DuckDBDateValue) return value.toString();
  if (value instanceof DuckDBTimestampValue) return value.toString().replace(' ', 'T');
  if (value instanceof DuckDBTimeValue) return value.toString();
  if (value instanceof DuckDBIntervalValue) return encodeInterval(value);
  return String(value);
}

/** Floats keep a decimal point, so that a reader of the text recognises their type. */
function encodeFloat(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
}

function withoutTrailingZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** BigQuery's canonical form, `[-]Y-M [-]D [-]H:M:S[.F]`. */
function encodeInterval({ months, days, micros }: DuckDBIntervalValue): string {
  const years = Math.trunc(months / 12);
  const sign = micros < 0n ? '-' : '';
  const magnitude = micros < 0n ? -micros : micros;
  const seconds = magnitude / 1_000_000n;
  const fraction = (magnitude % 1_000_000n).toString().padStart(6, '0').replace(/0+$/, '');
  const time = `${seconds / 3600n}:${(seconds / 60n) % 60n}:${seconds % 60n}${fraction === '' ? '' : `.${fraction}`}`;
  return `${months < 0 ? '-' : ''}${Math.abs(years)}-${Math.abs(months % 12)} ${days} ${sign}${time}`;
}
