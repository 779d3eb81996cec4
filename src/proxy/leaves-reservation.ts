import { scriptWordsOf } from '../sql/script-words.ts';
import { isJsonObject } from './exact-json.ts';
import type { QueryJob } from './query-job.ts';

/** Longer SQL is not taken apart here, which would hold up all requests beside it: the words alone are enough. */
const MOST_CHARACTERS = 32_768;
const MAY_LEAVE = /@@|\b(?:EXECUTE|CALL)\b/i;

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
  if (sql.length > MOST_CHARACTERS) return MAY_LEAVE.test(sql);
  const { systemVariables, unseen } = scriptWordsOf(sql);
  // A name with an escape may be any.
  return (
    unseen !== null || [...systemVariables].some((name) => name === 'reservation' || name.includes('\\'))
  );
}
