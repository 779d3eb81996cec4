import { createHash } from 'node:crypto';
import { Router } from 'express';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { SandboxContext } from '../context.ts';
import { answerJson } from '../http/answer.ts';
import { principalOf } from '../http/bearer-token.ts';
import type { JsonObject } from '../http/json.ts';
import { jsonBody } from '../http/json-body.ts';
import { count, flag, optional, parseInput } from '../http/wire.ts';
import type { Job } from '../jobs/job.ts';
import { type JobRequest, waitFor } from '../jobs/jobs.ts';
import { labels } from '../jobs/labels.ts';
import { queryFields, queryJob, refuseUnservedSettings } from '../jobs/query-job.ts';
import { answerResults } from './query-answer.ts';
import { encodingOf, formatOptions } from './row-query.ts';

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query#queryrequest */
const queryRequest = z.object({
  ...queryFields,
  dryRun: optional(flag),
  labels: optional(labels),
  timeoutMs: optional(count),
  maxResults: optional(count),
  formatOptions: optional(formatOptions),
  requestId: optional(z.string().max(36)),
  location: optional(z.string().min(1)),
  jobCreationMode: optional(z.string()),
});

export const DEFAULT_TIMEOUT_MS = 10_000;

/** BigQuery treats two requests as one if they carry the same `requestId` within 15 minutes. */
const REQUEST_ID_LIFE_MS = 15 * 60 * 1000;
const MAX_REQUEST_IDS = 10_000;

/** `jobs.query` */
export function jobsQueryRouter(context: SandboxContext): Router {
  const { jobs } = context;
  const startedJobs = new LRUCache<string, Job>({ max: MAX_REQUEST_IDS, ttl: REQUEST_ID_LIFE_MS });
  const router = Router();

  const startOnce = (job: JobRequest, requestId: string | null): Job => {
    if (requestId === null) return jobs.start(job);
    const key = requestKey(job, requestId);
    const earlier = startedJobs.get(key);
    if (earlier !== undefined) return earlier;
    const newJob = jobs.start(job);
    startedJobs.set(key, newJob);
    return newJob;
  };

  router.post('/projects/:projectId/queries', jsonBody(), async (request, response) => {
    const body = parseInput(queryRequest, request.body);
    refuseUnservedSettings(request.body);
    const { projectId } = request.params;
    const job: JobRequest = {
      principal: principalOf(response),
      projectId,
      jobId: null,
      location: body.location,
      query: queryJob(projectId, body, { labels: body.labels, priority: null }),
    };
    const encoding = encodingOf(
      body.formatOptions ?? { useInt64Timestamp: null, timestampOutputFormat: null },
    );
    if (body.dryRun === true) {
      await answerJson(request, response, await dryRunAnswer(context, job));
      return;
    }
    const running = startOnce(job, body.requestId);
    await waitFor(running, body.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    await answerResults(context, { request, response }, running, {
      kind: 'bigquery#queryResponse',
      startIndex: 0,
      maxResults: body.maxResults,
      encoding,
    });
  });

  return router;
}

async function dryRunAnswer({ jobs, warehouse }: SandboxContext, job: JobRequest): Promise<JsonObject> {
  const statistics = await jobs.dryRun(job);
  return {
    kind: 'bigquery#queryResponse',
    schema: { fields: statistics.schema },
    jobReference: { projectId: job.projectId, location: warehouse.location },
    totalBytesProcessed: String(statistics.totalBytesProcessed),
    totalBytesBilled: '0',
    jobComplete: true,
    cacheHit: statistics.cacheHit,
    location: warehouse.location,
    statementType: statistics.statementType,
  };
}

/** Requests differ only by what can change the result, not by the timeout or the page size. */
function requestKey({ principal, query, location }: JobRequest, requestId: string): string {
  const { request, useQueryCache, maximumBytesBilled } = query;
  return createHash('sha256')
    .update(
      JSON.stringify([requestId, principal, location, request, useQueryCache, String(maximumBytesBilled)]),
    )
    .digest('base64');
}
