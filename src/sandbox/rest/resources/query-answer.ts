import type { Request, Response } from 'express';
import { BigQueryError, type EncodingOptions } from '../../warehouse.ts';
import type { SandboxContext } from '../context.ts';
import { answeredUnchanged, answerJson, answerText, etagOf, wantsPretty } from '../http/answer.ts';
import type { JsonObject } from '../http/json.ts';
import { pageToken } from '../http/page-token.ts';
import { rowPageJson } from '../http/row-page.ts';
import type { Job, JobDone, QueryStatistics } from '../jobs/job.ts';

import { slotMs } from '../jobs/job-resource.ts';

/** Which of a job's rows a client asks for, and in which format. */
export interface ResultsAsked {
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
  context: SandboxContext,
  request: Request,
  response: Response,
  job: Job,
  asked: ResultsAsked,
): Promise<void> {
  const progress = job.progress();
  if (progress.state !== 'DONE') {
    await answerJson(request, response, {
      kind: asked.kind,
      jobReference: job.reference,
      jobComplete: false,
      ...ofQueryResponse(asked, job, null),
    });
    return;
  }
  const statistics = statisticsOfSuccess(progress);
  const { rows } = context.results.get(job.resultId);
  const etag = etagOf([job.resultId, job.reference, asked]);
  if (request.method === 'GET' && answeredUnchanged(request, response, etag)) return;

  const page = {
    startIndex: asked.startIndex,
    totalRows: rows.totalRows,
    maxResults: asked.maxResults,
    maxBytes: context.maxPageBytes,
    slice: (startIndex: number, count: number) => rows.page(startIndex, count, asked.encoding),
    head: {
      kind: asked.kind,
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
      ...ofQueryResponse(asked, job, { progress, statistics }),
    }),
  };
  await answerText(request, response, rowPageJson(page, wantsPretty(request)));
}

/** The members of a `jobs.query` answer that `jobs.getQueryResults` does not have. */
function ofQueryResponse(
  asked: ResultsAsked,
  job: Job,
  ended: { readonly progress: JobDone; readonly statistics: QueryStatistics } | null,
): JsonObject {
  if (asked.kind !== 'bigquery#queryResponse') return {};
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
