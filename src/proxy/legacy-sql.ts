import { queryOptions } from './job-bodies.ts';
import type { QueryJob } from './query-job.ts';

/**
 * Whether a query is of legacy SQL, which is what a request means that does not say otherwise. A prefix in the SQL
 * outweighs the setting, where it has a line of its own.
 * @see https://cloud.google.com/bigquery/docs/introduction-legacy-sql
 */
export function isLegacySql({ method, body, sql }: Pick<QueryJob, 'method' | 'body' | 'sql'>): boolean {
  if (/^\s*#standardSQL[^\S\n]*\n/i.test(sql)) return false;
  if (/^\s*#legacySQL\b/i.test(sql)) return true;
  return String(queryOptions({ method, body })['useLegacySql']) !== 'false';
}
