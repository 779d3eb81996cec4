/** The label that identifies the jobs of reconciliations. */
export const RECONCILE_LABEL = 'guardrail_reconcile';

/** How much of a job's SQL is read: enough to recognise it, and little to keep. */
export const SQL_START_CHARACTERS = 200;

/**
 * The query jobs that were created in a time span, except those started by scripts: a script's own job already sums
 * them up. For each, how much of it was billed for models that a script created, which have a price of their own; a script
 * runs for a day at most. Dry runs are not in the view. It bills 10 MiB, or the jobs of the days that it reads.
 * @see https://cloud.google.com/bigquery/docs/information-schema-jobs
 * @see https://cloud.google.com/bigquery/docs/multi-statement-queries
 */
export function jobsQuery(projectId: string, location: string): string {
  const view = `\`${projectId}.region-${location.toLowerCase()}\`.INFORMATION_SCHEMA.JOBS_BY_PROJECT`;
  return `${HEAD}
FROM ${view} LEFT JOIN (
  SELECT parent_job_id AS script_job_id, CAST(SUM(total_bytes_billed) AS STRING) AS model_bytes_billed
  FROM ${view}
  WHERE creation_time >= @from AND creation_time < TIMESTAMP_ADD(@to, INTERVAL 1 DAY)
    AND parent_job_id IS NOT NULL AND statement_type = 'CREATE_MODEL'
  GROUP BY parent_job_id
) ON script_job_id = job_id
WHERE creation_time >= @from AND creation_time < @to AND job_type = 'QUERY' AND parent_job_id IS NULL`;
}

/** Counts are text, since they may exceed 2^53. */
const HEAD = `SELECT project_id, job_id, user_email, state, statement_type, cache_hit, labels,
  UNIX_MILLIS(creation_time) AS created_at_ms, UNIX_MILLIS(end_time) AS ended_at_ms,
  CAST(total_bytes_processed AS STRING) AS bytes_processed, CAST(total_bytes_billed AS STRING) AS bytes_billed,
  CAST(total_slot_ms AS STRING) AS slot_ms, error_result.reason AS error_reason, reservation_id,
  UNIX_MILLIS(start_time) AS started_at_ms, SUBSTR(query, 1, ${SQL_START_CHARACTERS}) AS sql_start, model_bytes_billed`;

/**
 * Whether a job reads this view for a reconciliation. The label alone would be a way around guardrail: anyone can write
 * one.
 */
export function isOfReconciliation(labels: ReadonlyMap<string, string>, sqlStart: string): boolean {
  return labels.has(RECONCILE_LABEL) && sqlStart === HEAD.slice(0, SQL_START_CHARACTERS);
}
