/** The parts of BigQuery's full name of a job, `project:location.job`. */
export interface JobName {
  readonly projectId: string;
  /** Null if the name leaves it out. */
  readonly location: string | null;
  readonly jobId: string;
}

/** The full name of a job, without a location if none is known. */
export function jobName({ projectId, location, jobId }: JobName): string {
  return `${projectId}:${location === null ? '' : `${location}.`}${jobId}`;
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

/** A location as BigQuery writes it; the case of its name does not matter: `US`, `EU`, `southamerica-east1`. */
export function writtenLocation(location: string): string {
  return /^(us|eu)$/i.test(location) ? location.toUpperCase() : location.toLowerCase();
}
