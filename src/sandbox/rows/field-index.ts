import { notImplemented } from '../not-implemented.ts';
import { BigQueryError, type FieldSchema } from '../warehouse.ts';

/**
 * The place of a column that `selectedFields` names.
 * @throws BigQueryError `invalid` if there is none; `notImplemented` for a part of a record
 */
export function fieldIndex(schema: readonly FieldSchema[], name: string): number {
  const index = schema.findIndex((field) => field.name.toLowerCase() === name.toLowerCase());
  if (index >= 0) return index;
  if (name.includes('.')) throw notImplemented(`'selectedFields' within a record, such as ${name}`);
  throw new BigQueryError(400, 'invalid', `No such field: ${name}`, 'selectedFields');
}
