import { MAX_LABELS } from '../../../caller/labels.ts';
import { capacityPurchase } from '../../../sql/tokens/capacity-purchase.ts';
import { DECISION_LABEL } from '../../../vocabulary/decision-id.ts';
import { BadRequest } from '../../stop.ts';
import type { JsonObject } from '../exact-json.ts';

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
