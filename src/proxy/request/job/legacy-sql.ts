import { queryOptions } from './job-bodies.ts';
import type { QueryJob } from './query-job.ts';

/**
 * Whether a request is for legacy SQL, which is the default. `#standardSQL` on a line of its own overrides the setting.
 * So does `#legacySQL`, which the SQL readers detect.
 * @see https://cloud.google.com/bigquery/docs/introduction-legacy-sql
 */
export function isLegacySql({ method, body, sql }: Pick<QueryJob, 'method' | 'body' | 'sql'>): boolean {
  if (/^\s*#standardSQL[^\S\n]*\n/i.test(sql)) return false;
  return String(queryOptions({ method, body })['useLegacySql']) !== 'false';
}
