import { LRUCache } from 'lru-cache';
import { questionKey } from '../text/question-key.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { Admitted } from './passage.ts';

/** BigQuery takes a request for a repeated one for about this long. */
const REMEMBERED_MS = 15 * 60_000;

/** What of an admitted query tells whether it is a request that came before. */
type Repeatable = Pick<Admitted, 'id' | 'cap' | 'job' | 'asker' | 'team'>;

/** What of a forwarded request is the guard's own. */
interface Sent {
  readonly id: string;
  readonly cap: Bytes;
}

/**
 * Requests that clients send again after a broken connection. BigQuery runs a `requestId` once, as long as the
 * requests are the same; so what the guard adds must be the same too, or its own label would make the query run twice.
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query#QueryRequest
 */
export interface Repeats {
  /** The decision and the cap to send: those of the first time, where this is the same request again. */
  sameAsBefore(admitted: Repeatable): Sent;
  /** The next request of this kind is to be taken for another: its cap was too tight. */
  forget(admitted: Repeatable): void;
}

/** Repeats of what this process has sent; of so many requests at most. */
export function createRepeats(maxEntries: number): Repeats {
  const sent = new LRUCache<string, Sent>({ max: maxEntries, ttl: REMEMBERED_MS });
  return {
    sameAsBefore(admitted) {
      const now = { id: admitted.id, cap: admitted.cap };
      const key = keyOf(admitted);
      if (key === null) return now;
      const before = sent.get(key);
      // A cap that is more than what is reserved now would let through more than is paid for.
      if (before !== undefined && before.cap <= now.cap) return before;
      sent.set(key, now);
      return now;
    },
    forget(admitted) {
      const key = keyOf(admitted);
      if (key !== null) sent.delete(key);
    },
  };
}

/** Null for requests that BigQuery does not compare. */
function keyOf({ job, asker, team }: Repeatable): string | null {
  if (job.method !== 'jobs.query' || typeof job.body['requestId'] !== 'string') return null;
  return questionKey([asker.credentialKey, team.name, job.projectId, job.body]);
}
