import { LRUCache } from 'lru-cache';
import { BigQueryError } from '../../warehouse.ts';
import { type Job, type JobReference, jobName } from './job.ts';

/** The jobs that the sandbox remembers, without their rows. */
export interface JobStore {
  /** @throws BigQueryError `duplicate` if the project has a job with that name */
  add(job: Job): void;
  /** @throws BigQueryError `duplicate` */
  refuseDuplicate(reference: JobReference): void;
  /** @throws BigQueryError `notFound` */
  get(reference: JobReference): Job;
  newestFirst(projectId: string): Iterable<Job>;
}

/** The most that is remembered. */
export interface JobLimits {
  readonly maxJobs: number;
  /** The estimated bytes of all jobs. */
  readonly maxBytes: number;
}

/** A busy month of a company: 100,000 jobs with 1,600 characters of text, 50,000 with 4,000. */
export const DEFAULT_JOB_LIMITS: JobLimits = { maxJobs: 100_000, maxBytes: 512 * 2 ** 20 };

/** Roughly what a job takes in addition to its text. */
const JOB_BYTES = 2_000;

/** Remembers the newest jobs within both limits, forgetting the oldest first. */
export function createJobStore(options: JobLimits): JobStore {
  // Jobs are only looked up with `peek`, so the order of use stays the order of creation.
  const jobs = new LRUCache<string, Job>({
    max: options.maxJobs,
    maxSize: options.maxBytes,
    sizeCalculation: (job) => Math.min(options.maxBytes, JOB_BYTES + 2 * job.query.request.sql.length),
  });
  const refuseDuplicate = (reference: JobReference): void => {
    if (jobs.peek(jobName(reference)) === undefined) return;
    throw new BigQueryError(409, 'duplicate', `Already Exists: Job ${jobName(reference)}`);
  };
  return {
    refuseDuplicate,
    add(job) {
      refuseDuplicate(job.reference);
      jobs.set(jobName(job.reference), job);
    },
    get(reference) {
      const job = jobs.peek(jobName(reference));
      if (job !== undefined) return job;
      throw new BigQueryError(404, 'notFound', `Not found: Job ${jobName(reference)}`);
    },
    *newestFirst(projectId) {
      for (const job of jobs.values()) if (job.reference.projectId === projectId) yield job;
    },
  };
}
