/** The reason of a job that somebody cancelled, or that ran into its time limit. */
const STOPPED = 'stopped';

/** How a finished job ended. */
export interface JobEnd {
  readonly cacheHit: boolean;
  readonly errorReason: string | null;
  /** Whether it was cancelled while it waited for its turn. */
  readonly neverBegan: boolean;
}

/**
 * Whether bytes or slot time that BigQuery does not report of a finished job are none: it was answered from the cache, or
 * failed. A job that was cancelled may be billed up to its full cost once it has begun.
 * @see https://cloud.google.com/bigquery/pricing#on_demand_pricing
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/cancel
 */
export function unreportedIsNone({ cacheHit, errorReason, neverBegan }: JobEnd): boolean {
  return cacheHit || (errorReason !== null && (errorReason !== STOPPED || neverBegan));
}

/**
 * Whether a job ended without having begun. BigQuery dates the beginning of such a job at its end, or not at all.
 * @param endedAtMs null if it has not ended, or its end is not known
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobStatistics
 */
export function endedUnbegun(startedAtMs: bigint | null, endedAtMs: bigint | null): boolean {
  return endedAtMs !== null && (startedAtMs === null || startedAtMs >= endedAtMs);
}
