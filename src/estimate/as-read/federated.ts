import { type Estimate, isUpperBound } from '../../vocabulary/estimate.ts';
import type { SqlReading } from '../../vocabulary/reading.ts';

/**
 * Whether a query has a database elsewhere run SQL. BigQuery bills the bytes that come back, which nobody knows before, and
 * does not support a cap for it.
 * @see https://cloud.google.com/bigquery/docs/federated-queries-intro
 */
export function isFederated({ functions }: Pick<SqlReading, 'functions'>): boolean {
  return functions.includes('EXTERNAL_QUERY');
}

/** The estimate of a query, which is a lower bound if rows come from a database elsewhere, however exact it calls itself. */
export function withFederatedRows(estimate: Estimate, reading: Pick<SqlReading, 'functions'>): Estimate {
  return isFederated(reading) && isUpperBound(estimate) ? { ...estimate, accuracy: 'LOWER_BOUND' } : estimate;
}
