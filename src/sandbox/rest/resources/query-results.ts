import { Router } from 'express';
import { z } from 'zod';
import { BigQueryError } from '../../warehouse.ts';
import type { SandboxContext } from '../context.ts';
import { principalOf } from '../http/bearer-token.ts';
import { count, optional, parseInput } from '../http/wire.ts';
import { jobName } from '../jobs/job.ts';
import { waitFor } from '../jobs/jobs.ts';
import { DEFAULT_TIMEOUT_MS } from './jobs-query.ts';
import { answerResults } from './query-answer.ts';
import { encodingOfQuery, rowQuery, startOf } from './row-query.ts';

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/getQueryResults */
const resultsQuery = rowQuery.extend({
  timeoutMs: optional(count),
  location: optional(z.string().min(1)),
});

/** `jobs.getQueryResults` */
export function queryResultsRouter(context: SandboxContext): Router {
  const router = Router();
  router.get('/projects/:projectId/queries/:jobId', async (request, response) => {
    const query = parseInput(resultsQuery, request.query);
    const job = context.jobs.get({ ...request.params, location: query.location });
    if (job.principal !== principalOf(response)) {
      throw new BigQueryError(
        403,
        'accessDenied',
        `Access Denied: Job ${jobName(job.reference)}: only who ran a query may read its results.`,
      );
    }
    await waitFor(job, query.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    await answerResults(context, { request, response }, job, {
      kind: 'bigquery#getQueryResultsResponse',
      startIndex: startOf(query, job.resultId),
      maxResults: query.maxResults,
      encoding: encodingOfQuery(query),
    });
  });
  return router;
}
