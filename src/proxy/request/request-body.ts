import type { z } from 'zod';
import { errorMessage } from '../../text/error-message.ts';
import { BadRequest } from '../stop.ts';
import { isJsonObject, type JsonObject, parseExactJson } from './exact-json.ts';
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
 * @throws BadRequest
 */
export function refuseSnakeCase(object: JsonObject, path: string, within: readonly string[] = []): void {
  const found = Object.keys(object).find((key) => key.includes('_'));
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

/**
 * The warehouse accepts no more than 1024 thousand characters of SQL. Twice as many UTF-16 units are more than that
 * however it counts, and pricing, recording and sending such SQL would hold up others for nothing.
 * @see https://cloud.google.com/bigquery/quotas#query_jobs
 */
const MOST_SQL_UNITS = 2 << 20;

/** @throws BadRequest */
export function refuseOverlong(sql: string): void {
  if (sql.length <= MOST_SQL_UNITS) return;
  throw new BadRequest('invalid', 'The query is too large: BigQuery accepts a million characters of SQL.');
}

/**
 * Google accepts a project's number in place of its ID. Budgets and prices go by the ID, and would miss it.
 * @throws BadRequest
 */
export function refuseProjectNumber(projectId: string): void {
  if (!/^\d+$/.test(projectId)) return;
  throw new BadRequest('invalid', `${projectId} is a project number: use the project ID.`);
}

/**
 * A continuous query runs for days or months and is paid for by the slots that it uses in that time. Neither a dry run nor
 * earlier runs tell how many these are, and no cap in bytes ends it, so a budget could reserve no amount that it stays within.
 * Whatever does not clearly say no is taken for yes.
 * @param path of the options, for the message
 * @throws BadRequest
 * @see https://cloud.google.com/bigquery/docs/continuous-queries-introduction#pricing
 */
export function refuseContinuous(options: JsonObject, path: string): void {
  if ([undefined, null, false].some((no) => options['continuous'] === no)) return;
  throw new BadRequest(
    'invalid',
    `${path}continuous: a continuous query has no price before it runs, since it has no end, so guardrail does not run any.`,
  );
}
