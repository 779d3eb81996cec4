import { setTimeout as sleep } from 'node:timers/promises';
import type { Asker } from '../../estimate/dry-run.ts';
import { decisionOf, jobsSince } from './list-jobs.ts';

/** What is known of a query that was sent and of which no answer came, or none that names its job. */
export interface LostJob {
  readonly projectId: string;
  /** The decision that its label names. */
  readonly decisionId: string;
  /** When it was admitted, milliseconds since the epoch. */
  readonly atMs: number;
  readonly asker: Asker;
}

/** Enough of a job to ask the warehouse for it; the location is null where the answer did not say. */
export interface FoundJob {
  readonly jobId: string;
  readonly location: string | null;
}

/**
 * Resolves to the job that carries the decision's label, to `none` where the warehouse lists none, or to null where that
 * could not be told.
 */
export type JobFinder = (lost: LostJob) => Promise<FoundJob | 'none' | null>;

/** A job that was just started may not be listed at once. */
const DELAYS_MS = [0, 1_000, 5_000, 30_000];

/**
 * Looks among the jobs that the caller has started since, under the caller's own credential, for the one that a decision
 * let through: for clients that hung up before an answer came, and for answers from which the job's name was left out.
 */
export function createJobFinder(
  options: { readonly upstream: string; readonly signal: AbortSignal },
  delaysMs: readonly number[] = DELAYS_MS,
): JobFinder {
  return async (lost) => {
    let found: FoundJob | 'none' | null = null;
    for (const delayMs of delaysMs) {
      await sleep(delayMs, undefined, { signal: options.signal, ref: false }).catch(() => undefined);
      if (options.signal.aborted) return null;
      found = await look(options, lost);
      if (found !== null && found !== 'none') return found;
    }
    return found;
  };
}

async function look(
  warehouse: { readonly upstream: string; readonly signal: AbortSignal },
  lost: LostJob,
): ReturnType<JobFinder> {
  const { asker, projectId, atMs, decisionId } = lost;
  try {
    for await (const job of jobsSince(warehouse, asker, projectId, atMs)) {
      if (decisionOf(job) !== decisionId) continue;
      const { jobId, location = null } = job.jobReference;
      return { jobId, location };
    }
    return 'none';
  } catch {
    // Unreachable, refused, or no list of jobs: looked for again, a bounded number of times.
    return null;
  }
}
