import { setTimeout as sleep } from 'node:timers/promises';
import type { Asker } from '../../estimate/dry-run.ts';
import { isLastingError } from '../../estimate/lasting-error.ts';
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

/** How a job that was followed has ended. */
export interface FollowedOutcome extends JobOutcome {
  /** The credential that it was shown to. */
  readonly asker: Asker;
}

/** One who follows a job. */
interface Following {
  readonly job: FollowedJob;
  /** The credentials to ask with, in turn: those that the job was shown to, the latest first, and its own. */
  askers: readonly Asker[];
  /** Called once none of them is shown the job. */
  readonly onUnseen: () => void;
  /** Ends its wait. */
  wake: AbortController;
}

/** Follows jobs that go on after their answer, each under its caller's credential. */
export interface JobFollower {
  /**
   * Resolves to the job's outcome, or to null if the warehouse has not said anything of it for too long.
   * @param onUnseen called once no known credential is shown the job any more; that of a client who asks later may be
   */
  follow(job: FollowedJob, onUnseen?: () => void): Promise<FollowedOutcome | null>;
  /**
   * A client has just asked about this job: if it is being followed, it is looked at now.
   * @param shown the credential that the warehouse has shown the job to, which may hold longer than the one that started it;
   * null if it has shown it to none
   */
  nudge(names: readonly string[], shown: Asker | null): void;
}

const FIRST_DELAY_MS = 250;
const MAX_DELAY_MS = 30_000;
/**
 * How long a job is followed that the warehouse does not answer for: a token of Google's holds for an hour, so that none would
 * be accepted after it.
 */
const GIVEN_UP_AFTER_MS = 3_600_000;
/** More people than this who look at one job in turn, and whose tokens are all refused later, are unlikely. */
const MAX_SHOWN = 4;
const FIELDS = 'jobReference,user_email,status(state,errorResult(reason)),statistics';

/**
 * Polls `jobs.get` until a job has ended, at growing intervals. For jobs whose outcome is not in the answer that
 * started them: `jobs.insert`, and `jobs.query` if it answers before the job is done.
 */
export function createJobFollower(
  options: {
    readonly upstream: string;
    /** Aborts what is under way when the process stops; the reservations stay, and are repaired at the next start. */
    readonly signal: AbortSignal;
  },
  givenUpAfterMs = GIVEN_UP_AFTER_MS,
): JobFollower {
  /** Several follow one job if a client has sent its request again. */
  const byJob = new Map<string, Set<Following>>();

  /**
   * Waits until a client asks about the job, the process stops or the time is over; not at all if a client has asked since the
   * last wait. Resolves to how long to wait next.
   */
  async function wait(following: Following, delayMs: number): Promise<number> {
    const { signal: woken } = following.wake;
    const signal = AbortSignal.any([options.signal, woken]);
    await sleep(delayMs, undefined, { signal, ref: false }).catch(() => undefined);
    following.wake = new AbortController();
    return woken.aborted ? FIRST_DELAY_MS : Math.min(delayMs * 2, MAX_DELAY_MS);
  }

  /** Asks with the next credential if one gets no answer about the job: it may be another's, who asks too often. */
  async function lookBy(following: Following): Promise<FollowedOutcome | null> {
    for (const asker of following.askers) {
      const seen = await look(options, { ...following.job, asker });
      if (seen === 'refused') dismiss(asker, following);
      else if (seen !== 'failed') return { ...seen, asker };
    }
    return null;
  }

  async function untilItEnds(following: Following): Promise<FollowedOutcome | null> {
    let delayMs = FIRST_DELAY_MS;
    let answeredAt = performance.now();
    while (performance.now() - answeredAt < givenUpAfterMs && !options.signal.aborted) {
      const seen = await lookBy(following);
      if (seen?.done) return seen;
      if (seen !== null) answeredAt = performance.now();
      delayMs = await wait(following, delayMs);
    }
    return null;
  }

  return {
    async follow(job, onUnseen = () => undefined) {
      const following = { job, askers: [job.asker], onUnseen, wake: new AbortController() };
      const key = keyOf(job.projectId, job.jobId);
      const all = byJob.get(key) ?? new Set();
      byJob.set(key, all.add(following));
      try {
        return await untilItEnds(following);
      } finally {
        all.delete(following);
        if (all.size === 0) byJob.delete(key);
      }
    },
    nudge([projectId = '', jobId = ''], shown) {
      for (const following of byJob.get(keyOf(projectId, jobId)) ?? []) {
        if (shown !== null) following.askers = askersFirst(shown, following);
        following.wake.abort();
      }
    },
  };
}

function dismiss(refused: Asker, following: Following): void {
  following.askers = following.askers.filter((asker) => asker !== refused);
  if (following.askers.length === 0) following.onUnseen();
}

/** Its own credential gives way to no other: nobody else can push it out. */
function askersFirst(shown: Asker, { job: { asker: own }, askers }: Following): readonly Asker[] {
  if (shown.credentialKey === own.credentialKey) return [own, ...askers.filter((asker) => asker !== own)];
  const others = askers.filter((asker) => asker !== own && asker.credentialKey !== shown.credentialKey);
  return [shown, ...others.slice(0, MAX_SHOWN - 1), ...askers.filter((asker) => asker === own)];
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
    const body = Buffer.from(await response.arrayBuffer());
    if (response.ok) return readJob(body) ?? 'failed';
    return response.status < 400 || isLastingError(response.status, body.toString()) ? 'refused' : 'failed';
  } catch {
    // Unreachable or too slow: asked again, for a limited time.
    return 'failed';
  }
}

/** Null for an answer without a state, which is not a job. */
function readJob(body: Uint8Array): JobOutcome | null {
  const scanner = createFieldScanner(OUTCOME_PATHS);
  scanner.write(body);
  return scanner.fields.has('status.state') ? readOutcome(scanner.fields) : null;
}
