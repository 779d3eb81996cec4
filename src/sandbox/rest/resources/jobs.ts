import { Router } from 'express';
import { z } from 'zod';
import { BigQueryError } from '../../warehouse.ts';
import { jobView, requireProject, type SandboxContext } from '../context.ts';
import { answerJson, answerResource } from '../http/answer.ts';
import { principalOf } from '../http/bearer-token.ts';
import { optional, parseInput } from '../http/wire.ts';
import { jobName } from '../jobs/job.ts';
import { jobResource } from '../jobs/job-resource.ts';

const located = z.object({ location: optional(z.string().min(1)) });

/** `jobs.get` and `jobs.cancel`. Everyone in the project may look at a job; only its owner may stop it. */
export function jobsRouter(context: SandboxContext): Router {
  const { jobs } = context;
  const router = Router();

  router.get('/projects/:projectId/jobs/:jobId', async (request, response) => {
    requireProject(context, request.params.projectId);
    const job = jobs.get({ ...request.params, ...parseInput(located, request.query) });
    await answerResource(request, response, jobResource(job, jobView(context, request)));
  });

  router.post('/projects/:projectId/jobs/:jobId/cancel', async (request, response) => {
    requireProject(context, request.params.projectId);
    const job = jobs.get({ ...request.params, ...parseInput(located, request.query) });
    if (job.principal !== principalOf(response)) {
      throw new BigQueryError(
        403,
        'accessDenied',
        `Access Denied: Job ${jobName(job.reference)}: User does not have bigquery.jobs.update permission for it.`,
      );
    }
    job.cancel();
    await answerJson(request, response, {
      kind: 'bigquery#jobCancelResponse',
      job: jobResource(job, jobView(context, request)),
    });
  });

  return router;
}
