import { setTimeout as sleep } from 'node:timers/promises';
import type { Asker } from '../../estimate/dry-run.ts';
import { jobsSince, labelledDecision } from './list-jobs.ts';

/**
 * What is known about a query that was sent without getting an answer, or with an answer that does not name its job.
 */
export interface LostJob {
  readonly projectId: string;
  /** The decision in its label. */
  readonly decisionId: string;
  /** When it was admitted, milliseconds since the epoch. */
  readonly atMs: number;
  readonly asker: Asker;
  /** True if an earlier request was sent with the same label: its job may be listed too, and before this one's. */
  readonly isRepeat: boolean;
}

/** Enough about a job to ask the warehouse for it; the location is null if the answer did not say. */
export interface FoundJob {
  readonly jobId: string;
  readonly location: string | null;
}

/**
 * Resolves to the newest job with the decision's label, to `none` if the warehouse lists none, or to null if that could not be
 * found out.
 */
export type JobFinder = (lost: LostJob) => Promise<FoundJob | 'none' | null>;

/** A job that has just started may not be listed yet. */
const DELAYS_MS = [0, 1_000, 5_000, 30_000];

/**
 * Searches the jobs that the caller has started since, under the caller's own credential, for the one that a decision
 * let through: for clients that hung up before an answer came, and for answers that leave out the job's name.
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
      const looked = await look(options, lost);
      if (!isJob(found) || isJob(looked)) found = looked;
      if (isJob(found) && !lost.isRepeat) return found;
    }
    return found;
  };
}

function isJob(found: FoundJob | 'none' | null): found is FoundJob {
  return found !== null && found !== 'none';
}

async function look(
  warehouse: { readonly upstream: string; readonly signal: AbortSignal },
  lost: LostJob,
): ReturnType<JobFinder> {
  const { asker, projectId, atMs, decisionId } = lost;
  try {
    for await (const job of jobsSince(warehouse, asker, projectId, atMs)) {
      if (labelledDecision(job) !== decisionId) continue;
      const { jobId, location = null } = job.jobReference;
      return { jobId, location };
    }
    return 'none';
  } catch {
    // Unreachable, refused, or not a list of jobs: retried a limited number of times.
    return null;
  }
}
