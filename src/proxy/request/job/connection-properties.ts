import type { SqlReading } from '../../../vocabulary/reading.ts';
import { isJsonObject } from '../exact-json.ts';
import { queryOptions } from './job-bodies.ts';
import type { QueryJob } from './query-job.ts';

/**
 * The properties that leave SQL its meaning. Others make it mean other tables than it names, give its job other labels, have it
 * run as somebody else, or are not known.
 */
const HARMLESS: ReadonlySet<string> = new Set(['time_zone', 'session_id']);

/**
 * Fields that define what names in the SQL mean: functions, and tables outside of BigQuery. Clients write an empty one where they
 * define nothing.
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfigurationQuery
 */
const DEFINING = ['userDefinedFunctionResources', 'tableDefinitions'] as const;

/**
 * Why the other fields of a query make its SQL mean something other than what was read; null if they do not. In a
 * session, an earlier query may have set `@@dataset_id` or created a temporary table, so that a name without a dataset
 * could be any table's; if the request has a default dataset, there is no such name.
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/ConnectionProperty
 */
export function reinterpretedBy(
  job: Pick<QueryJob, 'method' | 'body'>,
  { tables }: Pick<SqlReading, 'tables'>,
): string | null {
  const options = queryOptions(job);
  const field = DEFINING.find((name) => !isEmpty(options[name]));
  if (field !== undefined) return `its ${field} define names in it`;
  const keys = connectionKeys(job);
  const key = keys.find((name) => !HARMLESS.has(name));
  if (key !== undefined) return `its connection property ${key} may have it mean other tables or labels`;
  const isBare = tables.some(({ table }) => table.datasetId === '');
  return isBare && keys.includes('session_id') ? 'its session says what a name without dataset means' : null;
}

function isEmpty(field: unknown): boolean {
  return Object.keys(field ?? {}).length === 0;
}

/** Whether a query is not the first of its session, so that what it does depends on queries before it. */
export function isInSession(job: Pick<QueryJob, 'method' | 'body'>): boolean {
  return connectionKeys(job).includes('session_id');
}

function connectionKeys(job: Pick<QueryJob, 'method' | 'body'>): readonly string[] {
  return keysOf(queryOptions(job)['connectionProperties']);
}

/** In lower case; a single property counts as a list of one. */
function keysOf(properties: unknown): readonly string[] {
  return [properties].flat().flatMap((one) => (isJsonObject(one) ? String(one['key']).toLowerCase() : []));
}
