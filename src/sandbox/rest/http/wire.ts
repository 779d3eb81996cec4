import { z } from 'zod';
import { BigQueryError } from '../../warehouse.ts';

/** Google's JSON treats null as absent; inside the sandbox, absent is null. */
export function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value): z.output<T> | null => value ?? null);
}

/** 64-bit integers are sent as text, small ones sometimes as numbers. */
export const int64 = z
  .union([z.string().regex(/^-?\d{1,19}$/, 'expected an integer'), z.int()])
  .transform((value) => BigInt(value));

/** A count or an index. */
export const count = z
  .union([z.string().regex(/^\d{1,15}$/, 'expected a whole number'), z.int().nonnegative()])
  .transform(Number);

/** Booleans, also as text: a query string has no other form. */
export const flag = z.union([
  z.boolean(),
  z.enum(['true', 'false', 'True', 'False', '1', '0']).transform((text) => /^(true|1)$/i.test(text)),
]);

/** Where a list goes on. Empty is the first page: the Go client sends it so. */
export const pageTokenText = optional(z.string().transform((text) => (text === '' ? null : text)));

/**
 * Parses what a client sent.
 * @throws BigQueryError `invalid`, or `required` if something is missing, with the place
 */
export function parseInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue?.path.join('.') || 'request body';
  if (issue?.code === 'invalid_type' && valueAt(input, issue.path) === undefined) {
    throw new BigQueryError(400, 'required', `Required parameter is missing: ${place}`);
  }
  throw new BigQueryError(400, 'invalid', `Invalid value at '${place}': ${issue?.message ?? 'unreadable'}`);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}
