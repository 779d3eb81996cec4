import { BigQueryError, type EncodingOptions } from '../../warehouse.ts';
import type { Exchange, SandboxContext } from '../context.ts';
import { answerIfUnchanged, answerJson, answerText, etagOf, wantsPretty } from '../http/answer.ts';
import type { JsonObject } from '../http/json.ts';
import { pageToken } from '../http/page-token.ts';
import { rowPageJson } from '../http/row-page.ts';
import type { Job, JobDone, QueryStatistics } from '../jobs/job.ts';

import { slotMs } from '../jobs/job-resource.ts';

/** Which of a job's rows a client asks for, and in which format. */
export interface ResultsRequest {
  readonly kind: 'bigquery#queryResponse' | 'bigquery#getQueryResultsResponse';
  readonly startIndex: number;
  readonly maxResults: number | null;
  readonly encoding: EncodingOptions;
}

/**
 * Answers with a page of a job's rows, or that it is not done yet, or with the error that it ended in.
 * @throws BigQueryError the job's own, or `notFound` if its rows were dropped
 */
export async function answerResults(
  { results, maxPageBytes }: SandboxContext,
  { request, response }: Exchange,
  job: Job,
  resultsRequest: ResultsRequest,
): Promise<void> {
  const progress = job.progress();
  if (progress.state !== 'DONE') {
    await answerJson(request, response, notDone(resultsRequest, job));
    return;
  }
  const statistics = statisticsOfSuccess(progress);
  const { rows } = results.get(job.resultId);
  const etag = etagOf([job.resultId, job.reference, resultsRequest]);
  if (request.method === 'GET' && answerIfUnchanged(request, response, etag)) return;

  const page = {
    startIndex: resultsRequest.startIndex,
    totalRows: rows.totalRows,
    maxResults: resultsRequest.maxResults,
    maxBytes: maxPageBytes,
    slice: (startIndex: number, count: number) => rows.page(startIndex, count, resultsRequest.encoding),
    head: {
      kind: resultsRequest.kind,
      ...(request.method === 'GET' ? { etag } : {}),
      schema: { fields: rows.schema },
      jobReference: job.reference,
      totalRows: String(rows.totalRows),
    },
    tail: (next: number | null): JsonObject => ({
      ...(next === null ? {} : { pageToken: pageToken(job.resultId, next) }),
      totalBytesProcessed: String(statistics.totalBytesProcessed),
      jobComplete: true,
      cacheHit: statistics.cacheHit,
      ...(progress.affectedRows === null ? {} : { numDmlAffectedRows: String(progress.affectedRows) }),
      ...queryResponseFields(resultsRequest, job, { progress, statistics }),
    }),
  };
  await answerText(request, response, rowPageJson(page, wantsPretty(request)));
}

function notDone(resultsRequest: ResultsRequest, job: Job): JsonObject {
  return {
    kind: resultsRequest.kind,
    jobReference: job.reference,
    jobComplete: false,
    ...queryResponseFields(resultsRequest, job, null),
  };
}

/** The members of a `jobs.query` answer that `jobs.getQueryResults` does not have. */
function queryResponseFields(
  resultsRequest: ResultsRequest,
  job: Job,
  ended: { readonly progress: JobDone; readonly statistics: QueryStatistics } | null,
): JsonObject {
  if (resultsRequest.kind !== 'bigquery#queryResponse') return {};
  return {
    queryId: job.reference.jobId,
    location: job.reference.location,
    creationTime: String(job.creationTimeMs),
    startTime: String(job.creationTimeMs),
    ...(ended === null
      ? {}
      : {
          endTime: String(ended.progress.endTimeMs),
          totalBytesBilled: String(ended.statistics.totalBytesBilled),
          totalSlotMs: String(slotMs(job, ended.progress.endTimeMs)),
          statementType: ended.statistics.statementType,
        }),
  };
}

/** @throws BigQueryError the job's own */
function statisticsOfSuccess({ error, statistics }: JobDone): QueryStatistics {
  if (error !== null) throw error;
  if (statistics === null) throw new BigQueryError(500, 'internalError', 'The job ended without a plan.');
  return statistics;
}
