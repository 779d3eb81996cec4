import { z } from 'zod';
import type { Asker } from '../../estimate/dry-run.ts';
import { int64 } from '../../estimate/dry-run-answer.ts';
import { DECISION_LABEL } from '../../vocabulary/decision-id.ts';
import { getAsCaller } from './get-as-caller.ts';

const PAGE_LENGTH = 1000;
/** A caller who has started more jobs since then waits for reconciliation. */
const MAX_PAGES = 20;
/** The warehouse's clock may be behind this machine's. */
const CLOCK_SKEW_MS = 60_000;
/** No SQL and no query plans: those of a thousand jobs would make a large answer. */
const FIELDS =
  'nextPageToken,jobs(jobReference,configuration(labels),status(state,errorResult(reason)),' +
  'statistics(startTime,endTime,reservation_id,totalSlotMs,totalBytesProcessed,numChildJobs,query(totalBytesBilled,cacheHit,statementType)))';

const jobPage = z.object({
  nextPageToken: z.string().optional(),
  jobs: z
    .array(
      z.object({
        jobReference: z.object({
          projectId: z.string(),
          jobId: z.string(),
          location: z.string().optional(),
        }),
        configuration: z.object({ labels: z.record(z.string(), z.string()).optional() }).optional(),
        status: z.object({ state: z.string(), errorResult: z.object({ reason: z.string() }).optional() }),
        statistics: z
          .object({
            startTime: int64.optional(),
            endTime: int64.optional(),
            reservation_id: z.string().optional(),
            totalSlotMs: int64.optional(),
            totalBytesProcessed: int64.optional(),
            numChildJobs: int64.optional(),
            query: z
              .object({
                totalBytesBilled: int64.optional(),
                cacheHit: z.boolean().optional(),
                statementType: z.string().optional(),
              })
              .optional(),
          })
          .default({}),
      }),
    )
    .default([]),
});

/** The parts of a job that say what it came to, and for which decision it was started. */
export type ListedJob = z.infer<typeof jobPage>['jobs'][number];

interface Warehouse {
  readonly upstream: string;
  readonly signal: AbortSignal;
}

/**
 * The caller's own jobs in a project since an instant, newest first; jobs from up to a minute earlier may be among
 * them.
 * @param sinceMs milliseconds since the epoch, by this machine's clock
 * @throws if the warehouse cannot be reached, refuses, or answers something other than a list of jobs; after the last of
 * those that are read, if it has more
 * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/list
 */
export function jobsSince(
  warehouse: Warehouse,
  asker: Asker,
  projectId: string,
  sinceMs: number,
): AsyncIterable<ListedJob> {
  const minCreationTime = String(Math.max(sinceMs - CLOCK_SKEW_MS, 0));
  return listed(warehouse, asker, projectId, { minCreationTime });
}

/**
 * The jobs of the statements that a script of the caller's has run.
 * @param parentJobId the script's own
 * @throws as `jobsSince` does
 * @see https://cloud.google.com/bigquery/docs/multi-statement-queries#view_the_multi-statement_query_history
 */
export function jobsOfScript(
  warehouse: Warehouse,
  asker: Asker,
  projectId: string,
  parentJobId: string,
): AsyncIterable<ListedJob> {
  return listed(warehouse, asker, projectId, { parentJobId });
}

async function* listed(
  warehouse: Warehouse,
  asker: Asker,
  projectId: string,
  which: Readonly<Record<string, string>>,
): AsyncIterable<ListedJob> {
  let pageToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const response = await getAsCaller(asker, warehouse, `${encodeURIComponent(projectId)}/jobs`, {
      projection: 'full',
      maxResults: String(PAGE_LENGTH),
      ...which,
      fields: FIELDS,
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    if (!response.ok) throw new Error(`The warehouse answered jobs.list with HTTP ${response.status}`);
    const { jobs, nextPageToken } = jobPage.parse(await response.json());
    yield* jobs;
    if (nextPageToken === undefined) return;
    pageToken = nextPageToken;
  }
  throw new Error(`The warehouse lists more than ${MAX_PAGES * PAGE_LENGTH} jobs`);
}

/** The decision in a job's label, or null. */
export function labelledDecision({ configuration }: ListedJob): string | null {
  return configuration?.labels?.[DECISION_LABEL] ?? null;
}
