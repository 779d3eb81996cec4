/** The reason of a job that somebody cancelled, or that ran into its time limit. */
const STOPPED = 'stopped';

/**
 * Whether bytes or slot time that BigQuery does not report of a finished job are none: it was answered from the cache, or
 * failed. A job that was cancelled may be billed up to its full cost.
 * @see https://cloud.google.com/bigquery/pricing#on_demand_pricing
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/cancel
 */
export function unreportedIsNone({
  cacheHit,
  errorReason,
}: {
  readonly cacheHit: boolean;
  readonly errorReason: string | null;
}): boolean {
  return cacheHit || (errorReason !== null && errorReason !== STOPPED);
}
