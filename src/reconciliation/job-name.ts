import { createHash } from 'node:crypto';

/** The parts of BigQuery's full name of a job, `project:location.job`. */
export interface JobName {
  readonly projectId: string;
  /** As BigQuery writes it; null if the name leaves it out. */
  readonly location: string | null;
  readonly jobId: string;
}

/** A location as BigQuery writes it; the case of its name does not matter: `US`, `EU`, `southamerica-east1`. */
export function writtenLocation(location: string): string {
  return /^(us|eu)$/i.test(location) ? location.toUpperCase() : location.toLowerCase();
}

/** The full name of a job. */
export function fullName(job: {
  readonly projectId: string;
  readonly location: string;
  readonly jobId: string;
}) {
  return `${job.projectId}:${job.location}.${job.jobId}`;
}

/**
 * Parses a full name. A project may contain a colon (`example.com:project`); a job's ID contains neither colon nor dot.
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/JobReference
 */
export function parseJobName(name: string): JobName {
  const colon = name.lastIndexOf(':');
  const rest = name.slice(colon + 1);
  const dot = rest.lastIndexOf('.');
  return {
    projectId: name.slice(0, Math.max(colon, 0)),
    location: dot === -1 ? null : writtenLocation(rest.slice(0, dot)),
    jobId: rest.slice(dot + 1),
  };
}

const UNGUARDED = 'unguarded-';

/**
 * The decision in the books for a job that bypassed guardrail. It is the same for the same job, so that it is
 * entered once, whoever enters it and however often.
 */
export function unguardedId(job: Parameters<typeof fullName>[0]): string {
  return `${UNGUARDED}${createHash('sha256').update(fullName(job)).digest('hex').slice(0, 32)}`;
}

/** Whether a decision stands for a job that bypassed guardrail. */
export function isUnguardedId(decisionId: string): boolean {
  return decisionId.startsWith(UNGUARDED);
}
