import type { Bytes } from './bytes.ts';
import type { TableReference } from './table.ts';

/**
 * How exact a dry run's bytes are, in the API's own words (`totalBytesProcessedAccuracy`).
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobStatistics2
 */
export type EstimateAccuracy = 'PRECISE' | 'LOWER_BOUND' | 'UPPER_BOUND' | 'UNKNOWN';

/**
 * From this many tables on, the list may not be complete, since BigQuery lists no more than 50 for sure: by the minimum for
 * each table, the query can then be billed more than the list tells.
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobStatistics2
 */
export const TABLES_MAY_BE_MISSING_FROM = 50;

/** What the warehouse said about a query before it ran. */
export interface Estimate {
  /** The e-mail address that the warehouse confirmed for the credential, or null if it named none. */
  readonly principal: string | null;
  /** `SELECT`, `MERGE`, `SCRIPT` …; `UNKNOWN` if the warehouse named none. */
  readonly statementType: string;
  /** Where the job runs, as BigQuery writes it: `US`, `southamerica-east1`. */
  readonly location: string;
  readonly bytesProcessed: Bytes;
  /** `bytesProcessed` as BigQuery would bill it: minimum per table, rounded up to whole MiB. */
  readonly bytesBilled: Bytes;
  readonly accuracy: EstimateAccuracy;
  /** Tables read, with views resolved. */
  readonly referencedTables: readonly TableReference[];
  /** Views that it resolves, also those behind other views; absent if the dry run named none. They hold no rows. */
  readonly referencedViews?: readonly TableReference[] | undefined;
  /**
   * Functions and procedures of the company's own that it runs, `project.dataset.routine`, also behind views; absent if the dry
   * run named none.
   */
  readonly referencedRoutines?: readonly string[] | undefined;
  /** The table or view that a DDL statement creates or changes; absent if the dry run named none. */
  readonly ddlTarget?: TableReference | undefined;
  /** Whether the result would have come from the cache; absent if the dry run did not say. */
  readonly resultCached?: boolean | undefined;
  /** When the warehouse said so, milliseconds since the epoch. */
  readonly madeAtMs: number;
}

/** Every table that a dry run names, and every view. */
export function namedByDryRun(
  estimate: Pick<Estimate, 'referencedTables' | 'referencedViews'> | null,
): readonly TableReference[] {
  return [...(estimate?.referencedTables ?? []), ...(estimate?.referencedViews ?? [])];
}

/** Whether a query is billed no more than its estimate, by what the warehouse says of it. */
export function isUpperBound({ accuracy }: Pick<Estimate, 'accuracy'>): boolean {
  return accuracy === 'PRECISE' || accuracy === 'UPPER_BOUND';
}

/** Statements that run others, and those that may be one of them. */
const RUN_IN_PARTS: ReadonlySet<string> = new Set(['SCRIPT', 'CALL', 'EXECUTE_IMMEDIATE', 'UNKNOWN']);

/**
 * Whether a query that fails may have run some of its statements, and be billed for them. A single statement that fails
 * is billed nothing and changes nothing.
 * @see https://cloud.google.com/bigquery/docs/multi-statement-queries#pricing
 */
export function mayRunInPart({ statementType }: Pick<Estimate, 'statementType'>): boolean {
  return RUN_IN_PARTS.has(statementType);
}
