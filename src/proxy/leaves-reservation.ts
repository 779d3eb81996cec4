import { scriptWordsOf } from '../sql/script-words.ts';
import { isJsonObject } from './exact-json.ts';
import type { QueryJob } from './query-job.ts';

/**
 * Whether a query asks to be billed on demand, or in a script may, whatever slots its project has. That a script names
 * `@@reservation` at all is enough; and so is SQL that it runs unseen, in a procedure or a text made as it runs, since
 * that may set it.
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query#QueryRequest
 */
export function leavesReservation({ method, body, sql }: Pick<QueryJob, 'method' | 'body' | 'sql'>): boolean {
  const asked = method === 'jobs.query' ? body : body['configuration'];
  const reservation = isJsonObject(asked) ? asked['reservation'] : null;
  if (String(reservation).trim().toLowerCase() === 'none') return true;
  const { systemVariables, unseen } = scriptWordsOf(sql);
  return (
    unseen !== null || [...systemVariables].some((name) => name === 'reservation' || name.includes('\\'))
  );
}
