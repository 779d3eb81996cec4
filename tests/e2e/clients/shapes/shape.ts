import { PROJECT } from '../../guardrail.ts';

/** The job of a client, once started. */
export interface StartedJob {
  readonly jobId: string;
  readonly location: string;
}

/** One request that carries SQL. */
export interface Start {
  /** Including the query string. */
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How a client runs a query: what it sends, in its order. */
export interface ClientShape {
  readonly client: string;
  /** The repository and files that this is taken from. */
  readonly source: string;
  /** The name that guardrail records for it. */
  readonly tool: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The request body is compressed. */
  readonly gzip?: true;
  /** A WHERE clause with a `?` for each query parameter, for clients that send some. */
  readonly where?: string;
  /** Labels that the client sets, which the job must keep. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What is recorded in addition to the tool. */
  readonly hints?: Readonly<Record<'person' | 'dashboard' | 'card', string | null>>;
  /** The client's own cap. */
  readonly cap?: bigint;
  /** The dry run that it sends first, if any. */
  dryRun?(sql: string): Start;
  start(sql: string): Start;
  /** The paths that it then reads, in order. */
  reads(job: StartedJob): readonly string[];
}

const BASE = `/bigquery/v2/projects/${PROJECT}`;
export const JOBS = `${BASE}/jobs`;
export const QUERIES = `${BASE}/queries`;
