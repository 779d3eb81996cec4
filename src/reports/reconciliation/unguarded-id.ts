import { createHash } from 'node:crypto';
import { type JobName, jobName } from '../../vocabulary/job-name.ts';

const UNGUARDED = 'unguarded-';

/**
 * The decision in the books for a job that bypassed guardrail. It is the same for the same job, so that it is
 * entered once, whoever enters it and however often.
 */
export function unguardedId(job: JobName): string {
  return `${UNGUARDED}${createHash('sha256').update(jobName(job)).digest('hex').slice(0, 32)}`;
}

/** Whether a decision stands for a job that bypassed guardrail. */
export function isUnguardedId(decisionId: string): boolean {
  return decisionId.startsWith(UNGUARDED);
}
