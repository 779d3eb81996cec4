import { Router } from 'express';
import { z } from 'zod';
import { notImplemented } from '../../not-implemented.ts';
import { BigQueryError } from '../../warehouse.ts';
import { jobView, type SandboxContext } from '../context.ts';
import { answerJson, etagOf } from '../http/answer.ts';
import { principalOf } from '../http/bearer-token.ts';
import { jsonBody } from '../http/json-body.ts';
import { flag, optional, parseInput } from '../http/wire.ts';
import { dryRunResource, jobResource } from '../jobs/job-resource.ts';
import type { JobRequest } from '../jobs/jobs.ts';
import { labels } from '../jobs/labels.ts';
import { queryFields, queryJob, refuseUnservedSettings } from '../jobs/query-job.ts';

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/Job */
const jobBody = z.object({
  jobReference: optional(
    z.object({
      projectId: optional(z.string()),
      jobId: optional(z.string()),
      location: optional(z.string().min(1)),
    }),
  ),
  configuration: z.object({
    dryRun: optional(flag),
    labels: optional(labels),
    query: z.looseObject({ ...queryFields, priority: optional(z.string()) }),
  }),
});
type JobBody = z.output<typeof jobBody>;

const otherJob = z.object({
  configuration: z.object({
    copy: optional(z.unknown()),
    load: optional(z.unknown()),
    extract: optional(z.unknown()),
  }),
});

/** `jobs.insert`, for queries */
export function jobsInsertRouter(context: SandboxContext): Router {
  const { jobs, warehouse } = context;
  const router = Router();

  router.post('/projects/:projectId/jobs', jsonBody(), async (request, response) => {
    refuseOtherJobs(request.body);
    const body = parseInput(jobBody, request.body);
    refuseUnservedSettings(body.configuration.query);
    const job = jobRequest(request.params.projectId, principalOf(response), body);
    const view = jobView(context, request);

    if (body.configuration.dryRun === true) {
      const statistics = await jobs.dryRun(job);
      const { projectId, jobId, principal, query } = job;
      const reference = { projectId, jobId, location: warehouse.location };
      await answerJson(request, response, dryRunResource({ reference, principal, query, statistics }, view));
      return;
    }
    const started = jobs.start(job);
    // Invalid SQL is reported in this answer: BigQuery, too, parses a query before it answers.
    await started.planned;
    const { kind, ...resource } = jobResource(started, view);
    await answerJson(request, response, { kind, etag: etagOf(resource), ...resource });
  });

  return router;
}

function jobRequest(projectId: string, principal: string, body: JobBody): JobRequest {
  const { jobReference, configuration } = body;
  const named = jobReference?.projectId ?? projectId;
  if (named !== projectId) {
    throw new BigQueryError(
      400,
      'invalid',
      `Value of jobReference.projectId '${named}' must be the project of the path, '${projectId}'.`,
    );
  }
  const { labels: jobLabels, query } = configuration;
  return {
    principal,
    projectId,
    jobId: jobReference?.jobId ?? null,
    location: jobReference?.location ?? null,
    query: queryJob(projectId, query, { labels: jobLabels, priority: query.priority }),
  };
}

function refuseOtherJobs(body: unknown): void {
  const parsed = otherJob.safeParse(body);
  if (!parsed.success) return;
  for (const kind of ['copy', 'load', 'extract'] as const) {
    if (parsed.data.configuration[kind]) throw notImplemented(`${kind} jobs`);
  }
}
