import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Asker } from '../../estimate/dry-run.ts';
import { getAsCaller } from './get-as-caller.ts';

/** What is known of a query that was sent and of which no answer came, or none that names its job. */
export interface LostJob {
  readonly projectId: string;
  /** The decision that its label names. */
  readonly decisionId: string;
  /** When it was admitted, milliseconds since the epoch. */
  readonly atMs: number;
  readonly asker: Asker;
}

export interface FoundJob {
  readonly jobId: string;
  readonly location: string | null;
}

/** Resolves to the job that carries the decision's label, or to null where the warehouse knows none. */
export type JobFinder = (lost: LostJob) => Promise<FoundJob | null>;

/** A job that was just started may not be listed at once. */
const DELAYS_MS = [0, 1_000, 5_000, 30_000];
/** The warehouse's clock may be behind this machine's. */
const CLOCK_SKEW_MS = 60_000;

const jobList = z.object({
  jobs: z
    .array(
      z.object({
        jobReference: z.object({ jobId: z.string(), location: z.string().optional() }),
        configuration: z.object({ labels: z.record(z.string(), z.string()).optional() }).optional(),
      }),
    )
    .default([]),
});

/**
 * Looks among the caller's own latest jobs, under the caller's own credential, for the one that a decision let through:
 * for clients that hung up before an answer came, and for answers from which the job's name was left out.
 */
export function createJobFinder(options: {
  readonly upstream: string;
  readonly signal: AbortSignal;
}): JobFinder {
  return async (lost) => {
    for (const delayMs of DELAYS_MS) {
      await sleep(delayMs, undefined, { signal: options.signal, ref: false }).catch(() => undefined);
      if (options.signal.aborted) return null;
      const found = await look(options, lost);
      if (found !== null) return found;
    }
    return null;
  };
}

async function look(
  warehouse: { readonly upstream: string; readonly signal: AbortSignal },
  lost: LostJob,
): Promise<FoundJob | null> {
  try {
    const response = await getAsCaller(lost.asker, warehouse, `${encodeURIComponent(lost.projectId)}/jobs`, {
      projection: 'full',
      maxResults: '200',
      minCreationTime: String(lost.atMs - CLOCK_SKEW_MS),
    });
    const { jobs } = jobList.parse(await response.json());
    const found = jobs.find(
      ({ configuration }) => configuration?.labels?.['guardrail_decision'] === lost.decisionId,
    );
    if (found === undefined) return null;
    const { jobId, location = null } = found.jobReference;
    return { jobId, location };
  } catch {
    // Unreachable, refused, or no list of jobs: looked for again, a bounded number of times.
    return null;
  }
}
