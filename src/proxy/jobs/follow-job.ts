import { setTimeout as sleep } from 'node:timers/promises';
import type { Asker } from '../../estimate/dry-run.ts';
import { createFieldScanner } from '../answer/field-scanner.ts';
import { getAsCaller } from './get-as-caller.ts';
import { type JobOutcome, OUTCOME_PATHS, readOutcome } from './job-outcome.ts';

/** A job to ask about. */
export interface FollowedJob {
  readonly projectId: string;
  readonly jobId: string;
  readonly location: string | null;
  /** The credential under which the job was started; kept only in memory, and only while the job runs. */
  readonly asker: Asker;
}

/** Follows jobs that go on after their answer, each under its caller's credential. */
export interface JobFollower {
  /** Resolves to the job's outcome, or to null if the warehouse no longer says under that credential. */
  follow(job: FollowedJob): Promise<JobOutcome | null>;
  /** A client has just asked about this job: if it is being followed, it is looked at now. */
  nudge(names: readonly string[]): void;
}

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 30_000;
/** This many failures in a row to reach a running job before it is given up. */
const FAILURES_IN_A_ROW = 10;
const FIELDS = 'jobReference,user_email,status(state,errorResult(reason)),statistics';

/**
 * Polls `jobs.get` until a job has ended, at growing intervals. For jobs whose outcome is not in the answer that
 * started them: `jobs.insert`, and `jobs.query` if it answers before the job is done.
 */
export function createJobFollower(options: {
  readonly upstream: string;
  /** Aborts what is under way when the process stops; the reservations stay, and are repaired at the next start. */
  readonly signal: AbortSignal;
}): JobFollower {
  const waiting = new Map<string, AbortController>();

  /**
   * Waits until a client asks about the job, the process stops or the time is over; resolves to how long to wait next.
   */
  async function wait(job: FollowedJob, delayMs: number): Promise<number> {
    const nudge = new AbortController();
    waiting.set(keyOf(job.projectId, job.jobId), nudge);
    const signal = AbortSignal.any([options.signal, nudge.signal]);
    await sleep(delayMs, undefined, { signal, ref: false }).catch(() => undefined);
    return nudge.signal.aborted ? FIRST_DELAY_MS : Math.min(delayMs * 2, MAX_DELAY_MS);
  }

  async function untilItEnds(job: FollowedJob): Promise<JobOutcome | null> {
    let delayMs = FIRST_DELAY_MS;
    let failures = 0;
    while (failures < FAILURES_IN_A_ROW && !options.signal.aborted) {
      const seen = await look(options, job);
      if (seen === 'refused') return null;
      if (seen !== 'failed' && seen.done) return seen;
      failures = seen === 'failed' ? failures + 1 : 0;
      delayMs = await wait(job, delayMs);
    }
    return null;
  }

  return {
    async follow(job) {
      try {
        return await untilItEnds(job);
      } finally {
        waiting.delete(keyOf(job.projectId, job.jobId));
      }
    },
    nudge([projectId = '', jobId = '']) {
      waiting.get(keyOf(projectId, jobId))?.abort();
    },
  };
}

function keyOf(projectId: string, jobId: string): string {
  return `${projectId}/${jobId}`;
}

async function look(
  warehouse: { readonly upstream: string; readonly signal: AbortSignal },
  { projectId, jobId, location, asker }: FollowedJob,
): Promise<JobOutcome | 'refused' | 'failed'> {
  const path = `${encodeURIComponent(projectId)}/jobs/${encodeURIComponent(jobId)}`;
  try {
    const response = await getAsCaller(asker, warehouse, path, {
      fields: FIELDS,
      ...(location === null ? {} : { location }),
    });
    const body = new Uint8Array(await response.arrayBuffer());
    if (response.ok) return readJob(body) ?? 'failed';
    return response.status >= 500 || response.status === 429 ? 'failed' : 'refused';
  } catch {
    // Unreachable or too slow: retried a limited number of times.
    return 'failed';
  }
}

/** Null for an answer without a state, which is not a job. */
function readJob(body: Uint8Array): JobOutcome | null {
  const scanner = createFieldScanner(OUTCOME_PATHS);
  scanner.write(body);
  return scanner.fields.has('status.state') ? readOutcome(scanner.fields) : null;
}
