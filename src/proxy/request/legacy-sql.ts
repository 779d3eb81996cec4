import { queryOptions } from './job-bodies.ts';
import type { QueryJob } from './query-job.ts';

/**
 * Whether a request is for legacy SQL, which is what it means that does not say otherwise. `#standardSQL` on a line of its own
 * outweighs the setting. So does `#legacySQL`, which whoever reads the SQL sees in it.
 * @see https://cloud.google.com/bigquery/docs/introduction-legacy-sql
 */
export function isLegacySql({ method, body, sql }: Pick<QueryJob, 'method' | 'body' | 'sql'>): boolean {
  if (/^\s*#standardSQL[^\S\n]*\n/i.test(sql)) return false;
  return String(queryOptions({ method, body })['useLegacySql']) !== 'false';
}
