import { Readable } from 'node:stream';
import type { BigQuery } from '@google-cloud/bigquery';
import pRetry from 'p-retry';
import { z } from 'zod';
import { estimateFrom } from '../../estimate/dry-run-answer.ts';
import type { Estimate } from '../../vocabulary/estimate.ts';
import { clientErrorText } from '../shared/bigquery-client.ts';

/** What the warehouse said about one SQL: a price, or its reason and message. */
export type DryRunOutcome =
  | { readonly ok: true; readonly estimate: Estimate }
  | { readonly ok: false; readonly why: string };

export interface DryRunOptions {
  readonly location: string | undefined;
  readonly defaultDataset: string | undefined;
  readonly concurrency: number;
  /** How many times a dry run with a transient failure is retried. */
  readonly retries: number;
  /** Called after each one. */
  readonly onDone: (done: number) => void;
}

const failure = z.object({
  code: z.union([z.number(), z.string()]).optional(),
  errors: z.array(z.object({ reason: z.string().optional() })).optional(),
});

/** Transient error reasons. @see https://cloud.google.com/bigquery/docs/error-messages */
const TRANSIENT_REASONS = new Set([
  'backendError',
  'internalError',
  'rateLimitExceeded',
  'jobRateLimitExceeded',
  'badGateway',
]);

/**
 * Checks that the warehouse accepts these credentials in this project, before everything fails for the same reason.
 * @throws Error with the warehouse's reason
 */
export async function checkAccess(client: BigQuery, options: DryRunOptions): Promise<void> {
  const outcome = await dryRun(client, 'SELECT 1', options);
  if (outcome.ok) return;
  throw new Error(
    `No query can be dry-run in project ${client.projectId}, so nothing is priced. ${outcome.why}`,
  );
}

/**
 * Dry-runs every SQL, a few at a time, with Google's own client. Dry runs are free. Results in BigQuery's cache are not
 * used: a price of nothing because somebody has just run the same query says nothing about a month.
 */
export async function dryRunAll(
  client: BigQuery,
  queries: readonly string[],
  options: DryRunOptions,
): Promise<ReadonlyMap<string, DryRunOutcome>> {
  let done = 0;
  const outcomes = await Readable.from(queries)
    .map(
      async (sql: string) => {
        const outcome = await dryRun(client, sql, options);
        done += 1;
        options.onDone(done);
        return [sql, outcome] as const;
      },
      { concurrency: options.concurrency },
    )
    .toArray();
  return new Map(outcomes);
}

async function dryRun(client: BigQuery, sql: string, options: DryRunOptions): Promise<DryRunOutcome> {
  try {
    const resource = await pRetry(() => jobResource(client, sql, options), {
      retries: options.retries,
      minTimeout: 200,
      shouldRetry: ({ error }) => isTransient(error),
    });
    return { ok: true, estimate: estimateFrom(resource) };
  } catch (error) {
    return { ok: false, why: clientErrorText(error) };
  }
}

async function jobResource(
  client: BigQuery,
  sql: string,
  { location, defaultDataset }: DryRunOptions,
): Promise<unknown> {
  const [job] = await client.createQueryJob({
    query: sql,
    dryRun: true,
    useQueryCache: false,
    ...(location === undefined ? {} : { location }),
    ...(defaultDataset === undefined ? {} : { defaultDataset: { datasetId: defaultDataset } }),
  });
  return job.metadata;
}

/** A failure that may pass, or no answer at all. */
function isTransient(error: unknown): boolean {
  const { data } = failure.safeParse(error);
  if (data === undefined) return false;
  if (typeof data.code === 'number') {
    return data.code >= 500 || (data.errors ?? []).some(({ reason }) => TRANSIENT_REASONS.has(reason ?? ''));
  }
  return typeof data.code === 'string' && /^E[A-Z]+$/.test(data.code);
}
