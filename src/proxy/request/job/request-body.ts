import type { z } from 'zod';
import { errorMessage } from '../../../foundation/text/error-message.ts';
import { BadRequest } from '../../stop.ts';
import { isJsonObject, type JsonObject, parseExactJson } from '../exact-json.ts';
import { type JsonExtent, jsonExtent } from './json-extent.ts';

/**
 * JSON that nests thousands deep can be parsed but not written again, which would show only after it is paid for;
 * BigQuery's own types nest 15 deep. JSON with millions of parts holds everybody up while it is parsed; a list of a
 * hundred thousand parameters is within the limit.
 */
const MOST: JsonExtent = { levels: 200, parts: 250_000 };

/**
 * The JSON object in a body, with exact numbers.
 * @throws BadRequest if it is not one, or too large in depth or parts
 */
export function parseBody(bytes: Uint8Array): JsonObject {
  const { levels, parts } = jsonExtent(bytes, MOST);
  if (levels > MOST.levels || parts > MOST.parts) {
    throw new BadRequest(
      'parseError',
      `The request's body is nested more than ${MOST.levels} levels deep, or has more than ${MOST.parts} lists, objects and members.`,
    );
  }
  let value: unknown;
  try {
    value = parseExactJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    const why = errorMessage(error);
    throw new BadRequest('parseError', `The request's body is not JSON in UTF-8: ${why}`);
  }
  if (!isJsonObject(value)) throw new BadRequest('parseError', "The request's body is not a JSON object.");
  return value;
}

/**
 * Google's servers also accept a field by its snake_case name. A body that says one thing twice could be judged by one
 * name and run by the other, so only the documented names are accepted.
 * @param within members whose own fields are checked too: objects, or lists of them
 * @param documented the fields of the object itself that the API documents in snake_case
 * @throws BadRequest
 */
export function refuseSnakeCase(
  object: JsonObject,
  path: string,
  within: readonly string[] = [],
  documented: readonly string[] = [],
): void {
  const found = Object.keys(object).find((key) => key.includes('_') && !documented.includes(key));
  if (found !== undefined) {
    throw new BadRequest(
      'invalid',
      `${path}${found}: field names are taken in lowerCamelCase only, as the API documents them.`,
    );
  }
  for (const name of within) {
    for (const inner of [object[name]].flat()) {
      if (isJsonObject(inner)) refuseSnakeCase(inner, `${path}${name}.`);
    }
  }
}

/** @throws BadRequest that names the fields that are not as the API documents */
export function parseShape<T>(schema: z.ZodType<T>, body: JsonObject): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new BadRequest(
    'invalid',
    `The request does not match the API's documentation. ${problems.join('; ')}`,
  );
}
