import type { z } from 'zod';
import { MAX_LABELS } from '../../../caller/labels.ts';
import { errorMessage } from '../../../foundation/text/error-message.ts';
import { capacityPurchase } from '../../../sql/tokens/capacity-purchase.ts';
import { DECISION_LABEL } from '../../../vocabulary/decision-id.ts';
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

/**
 * The warehouse accepts no more than 1024 thousand characters of SQL. Twice as many UTF-16 units are more than that
 * however it counts, and pricing, recording and sending such SQL would hold up others for nothing.
 * @see https://cloud.google.com/bigquery/quotas#query_jobs
 */
const MAX_SQL_UNITS = 2 << 20;

/** @throws BadRequest */
export function refuseOverlong(sql: string): void {
  if (sql.length <= MAX_SQL_UNITS) return;
  throw new BadRequest('invalid', 'The query is too large: BigQuery accepts a million characters of SQL.');
}

/**
 * A continuous query processes what arrives in its tables for as long as nobody stops it, so no dry run prices it, and it
 * never ends to be settled.
 * @see https://cloud.google.com/bigquery/docs/continuous-queries-introduction
 * @throws BadRequest
 */
export function refuseContinuous({ continuous }: { readonly continuous?: boolean | null | undefined }): void {
  if (continuous !== true) return;
  throw new BadRequest(
    'invalid',
    'A continuous query does not end, so no budget can hold what it will cost: send it without "continuous", or start it in BigQuery itself.',
  );
}

/**
 * Slots and memory that SQL buys are billed by the hour or the year, so no dry run prices them, and no budget could hold them.
 * @throws BadRequest
 */
export function refuseCapacityPurchase(sql: string): void {
  const purchase = capacityPurchase(sql);
  if (purchase === null) return;
  throw new BadRequest(
    'invalid',
    `${purchase} buys capacity, which no dry run prices and no budget can hold: send it to BigQuery itself.`,
  );
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
 * Google bills the project in the path. Budgets and prices go by it too, so the body must not name another.
 * @param named the project in the body, if it names one
 * @throws BadRequest
 */
export function refuseOtherProject(named: string | null | undefined, projectId: string): void {
  if (!named || named === projectId) return;
  throw new BadRequest(
    'invalid',
    `jobReference.projectId: expected ${projectId}, as in the path; found ${named}.`,
  );
}

/** The parts of a job's configuration that say what it does. */
const JOB_TYPES = ['query', 'load', 'copy', 'extract'] as const;

/**
 * A configuration that says several things would be judged by one of them, and could do another.
 * @throws BadRequest
 */
export function refuseSeveralJobs(configuration: JsonObject): void {
  const found = JOB_TYPES.filter((type) => (configuration[type] ?? null) !== null);
  if (found.length <= 1) return;
  throw new BadRequest('invalid', `configuration: expected one kind of job, found ${found.join(' and ')}.`);
}

/**
 * What a query came to is looked up by the decision in its label when no answer tells, so that label must have room.
 * @throws BadRequest
 */
export function refuseFullLabels(labels: Readonly<Record<string, string>>): void {
  const own = Object.keys(labels).filter((key) => key !== DECISION_LABEL);
  if (own.length < MAX_LABELS) return;
  throw new BadRequest(
    'invalid',
    `labels: BigQuery accepts ${MAX_LABELS}, and guardrail needs one of them: send at most ${MAX_LABELS - 1}.`,
  );
}
