import { LRUCache } from 'lru-cache';
import { cacheKey } from '../foundation/text/cache-key.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { Admitted } from './passage.ts';

/** For about this long, BigQuery takes a request for a repeated one. */
const REMEMBERED_MS = 15 * 60_000;

/** What identifies an admitted query's request as a repetition. */
type Repeatable = Pick<Admitted, 'id' | 'cap' | 'job' | 'asker' | 'team'>;

/** The guard's own parts of a forwarded request. */
export interface Sent {
  /** The decision in its label. */
  readonly id: string;
  readonly cap: Bytes;
}

/**
 * Requests that clients repeat after a broken connection. BigQuery runs a `requestId` only once, provided that the
 * requests are the same in all that may affect the result; whether labels may, it does not say. So the guard's additions are
 * the same too: its own label must not make the query run twice, and the job of either request is found by it.
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query#QueryRequest
 */
export interface Repeats {
  /** The decision and the cap to send: those of the first time, if this is the same request again. */
  sameAsBefore(admitted: Repeatable): Sent;
  /** The next request of this kind counts as a different one: its cap was too tight. */
  forget(admitted: Repeatable): void;
}

/** Remembers the requests that this process has sent, up to a maximum. */
export function createRepeats(maxEntries: number): Repeats {
  const sent = new LRUCache<string, Sent>({ max: maxEntries, ttl: REMEMBERED_MS });
  return {
    sameAsBefore(admitted) {
      const now = { id: admitted.id, cap: admitted.cap };
      const key = keyOf(admitted);
      if (key === null) return now;
      const before = sent.get(key);
      // A cap higher than what is now reserved would let through more than is paid for.
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

/** Null for requests that BigQuery does not compare. How long a client waits makes no difference to it. */
function keyOf({ job, asker, team }: Repeatable): string | null {
  if (job.method !== 'jobs.query' || typeof job.body['requestId'] !== 'string') return null;
  const { timeoutMs: _howLong, ...compared } = job.body;
  return cacheKey([asker.credentialKey, team.name, job.projectId, compared]);
}
