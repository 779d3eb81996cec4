import { mayLeaveReservation } from '../../sql/tokens/may-leave-reservation.ts';
import { isJsonObject } from './exact-json.ts';
import type { QueryJob } from './query-job.ts';

/**
 * Whether a query asks to be billed on demand, or may do so in a script, whatever slots its project has.
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query#QueryRequest
 */
export function leavesReservation({ method, body, sql }: Pick<QueryJob, 'method' | 'body' | 'sql'>): boolean {
  const asked = method === 'jobs.query' ? body : body['configuration'];
  const reservation = isJsonObject(asked) ? asked['reservation'] : null;
  return String(reservation).trim().toLowerCase() === 'none' || mayLeaveReservation(sql);
}
