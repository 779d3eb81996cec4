import { Router } from 'express';
import { z } from 'zod';
import { jobView, requireProject, type SandboxContext } from '../context.ts';
import { answerResource } from '../http/answer.ts';
import { principalOf } from '../http/bearer-token.ts';
import { DEFAULT_LIST_PAGE, pageToken, readPageToken } from '../http/page-token.ts';
import { flag, int64, optional, parseInput } from '../http/wire.ts';
import type { Job } from '../jobs/job.ts';
import { jobListEntry } from '../jobs/job-resource.ts';
import { listQuery } from './list-query.ts';

const state = z.string().transform((text) => text.toUpperCase());

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/list */
const jobsListQuery = listQuery.extend({
  allUsers: optional(flag),
  projection: optional(z.string()),
  stateFilter: optional(z.union([state.transform((one) => [one]), z.array(state)])),
  minCreationTime: optional(int64),
  maxCreationTime: optional(int64),
  parentJobId: optional(z.string()),
});
type JobsListQuery = z.output<typeof jobsListQuery>;

/** `jobs.list`: newest first; only the caller's own unless `allUsers` is set */
export function jobsListRouter(context: SandboxContext): Router {
  const router = Router();
  router.get('/projects/:projectId/jobs', async (request, response) => {
    const { projectId } = request.params;
    requireProject(context, projectId);
    const query = parseInput(jobsListQuery, request.query);
    const principal = principalOf(response);
    const view = jobView(context, request);
    const full = query.projection?.toLowerCase() === 'full';
    const scope = `jobs ${projectId}`;
    // Tokens count jobs from the first one ever created, so that new jobs do not shift pages.
    const before = query.pageToken === null ? Infinity : readPageToken(scope, query.pageToken);
    const jobs = take(
      context.jobs.newestFirst(projectId),
      (job) => job.sequence < before && matchesQuery(job, query, principal),
      query.maxResults ?? DEFAULT_LIST_PAGE,
    );
    const last = jobs.page.at(-1);
    await answerResource(request, response, {
      kind: 'bigquery#jobList',
      ...(jobs.more && last !== undefined ? { nextPageToken: pageToken(scope, last.sequence) } : {}),
      jobs: jobs.page.map((job) => jobListEntry(job, view, full)),
    });
  });
  return router;
}

/** The first of those that match, and whether there are more. */
function take(
  jobs: Iterable<Job>,
  matches: (job: Job) => boolean,
  count: number,
): { readonly page: readonly Job[]; readonly more: boolean } {
  const page: Job[] = [];
  for (const job of jobs) {
    if (!matches(job)) continue;
    if (page.length === count) return { page, more: true };
    page.push(job);
  }
  return { page, more: false };
}

function matchesQuery(job: Job, query: JobsListQuery, principal: string): boolean {
  // The sandbox runs no scripts, so no job has children.
  if (query.parentJobId !== null) return false;
  if (query.allUsers !== true && job.principal !== principal) return false;
  if (query.stateFilter !== null && !query.stateFilter.includes(job.progress().state)) return false;
  const created = BigInt(job.creationTimeMs);
  return (
    (query.minCreationTime === null || created >= query.minCreationTime) &&
    (query.maxCreationTime === null || created <= query.maxCreationTime)
  );
}
