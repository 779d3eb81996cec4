import { PROJECT } from '../../guardrail.ts';

/** Where a client's job is, once it has started. */
export interface StartedJob {
  readonly jobId: string;
  readonly location: string;
}

/** One request that carries SQL. */
export interface Start {
  /** With its query string. */
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How a client runs a query: what it sends, in its order. */
export interface ClientShape {
  readonly client: string;
  /** The repository and files that say so. */
  readonly source: string;
  /** What the guardrail calls it. */
  readonly tool: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The request's body comes compressed. */
  readonly gzip?: true;
  /** Parameters of the query, where the client is shown with some: the SQL then has a `?` for each. */
  readonly where?: string;
  /** Labels that the client sets, which the job must keep. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What the record says beside the tool. */
  readonly hints?: Readonly<Record<'person' | 'dashboard' | 'card', string | null>>;
  /** The client's own cap. */
  readonly cap?: bigint;
  /** What it asks before it runs anything. */
  dryRun?(sql: string): Start;
  start(sql: string): Start;
  /** What it then reads, one path after another. */
  reads(job: StartedJob): readonly string[];
}

const BASE = `/bigquery/v2/projects/${PROJECT}`;
export const JOBS = `${BASE}/jobs`;
export const QUERIES = `${BASE}/queries`;
