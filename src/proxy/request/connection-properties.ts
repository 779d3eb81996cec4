import type { SqlReading } from '../../vocabulary/reading.ts';
import { isJsonObject } from './exact-json.ts';
import { queryOptions } from './job-bodies.ts';
import type { QueryJob } from './query-job.ts';

/**
 * Properties that make SQL mean other tables than it names, or give its job other labels, just like setting the `@@`
 * variables of the same names.
 */
const REINTERPRETING: ReadonlySet<string> = new Set(['dataset_project_id', 'query_label']);

/**
 * Why a query's connection properties make its SQL mean something other than what was read; null if they do not. In a
 * session, an earlier query may have set `@@dataset_id` or created a temporary table, so that a name without a dataset
 * could be any table's; if the request has a default dataset, there is no such name.
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/ConnectionProperty
 */
export function reinterpretedBy(
  job: Pick<QueryJob, 'method' | 'body'>,
  { tables }: Pick<SqlReading, 'tables'>,
): string | null {
  const keys = connectionKeys(job);
  const key = keys.find((name) => REINTERPRETING.has(name));
  if (key !== undefined) return `its connection property ${key} may have it mean other tables or labels`;
  const isBare = tables.some(({ table }) => table.datasetId === '');
  return isBare && keys.includes('session_id') ? 'its session says what a name without dataset means' : null;
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
