import { mayLeaveReservation } from '../../../sql/tokens/may-leave-reservation.ts';
import { isJsonObject } from '../exact-json.ts';
import { isInSession } from './connection-properties.ts';
import type { QueryJob } from './query-job.ts';

type RequestedJob = Pick<QueryJob, 'method' | 'body' | 'sql'>;

/**
 * What a query runs on, as far as request and SQL say: the slots of its `project`, if that has some; `none`; another reservation
 * that is `named`; or whatever was or is set `unseen`, by a script or by an earlier query of its session.
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query#QueryRequest
 */
export function reservationOf(job: RequestedJob): 'project' | 'none' | 'named' | 'unseen' {
  if (mayLeaveReservation(job.sql) || isInSession(job)) return 'unseen';
  const options = job.method === 'jobs.query' ? job.body : job.body['configuration'];
  const reservation = isJsonObject(options) ? String(options['reservation'] ?? '').trim() : '';
  if (reservation === '') return 'project';
  return reservation.toLowerCase() === 'none' ? 'none' : 'named';
}

/**
 * Whether a query asks to be billed on demand, or in a script or a session may, whatever slots its project has.
 */
export function leavesReservation(job: RequestedJob): boolean {
  return ['none', 'unseen'].includes(reservationOf(job));
}
