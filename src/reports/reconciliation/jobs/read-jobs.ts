import { BigQuery } from '@google-cloud/bigquery';
import { z } from 'zod';
import { errorMessage } from '../../../foundation/text/error-message.ts';
import { DECISION_LABEL } from '../../../vocabulary/decision-id.ts';
import { writtenLocation } from '../../../vocabulary/job-name.ts';
import { modelShare, modelsOf } from '../../../vocabulary/models.ts';
import type { TimeSpan } from '../../../vocabulary/time-span.ts';
import { endedUnbegun, unreportedIsNone } from '../../../vocabulary/unreported.ts';
import { isOfReconciliation, jobsQuery, RECONCILE_LABEL } from './jobs-query.ts';
import type { WarehouseJob } from './warehouse-job.ts';

/** The warehouse's list of jobs could not be read; the message says why and what to do. */
export class JobsUnreadable extends Error {
  constructor(projectId: string, location: string, cause: unknown) {
    super(
      `The jobs of ${projectId} in ${location} could not be read: ${sentenceOf(cause)} ` +
        `The credential needs bigquery.jobs.listAll and bigquery.jobs.create on ${projectId}, ` +
        'such as the roles bigquery.resourceViewer and bigquery.user hold.',
      { cause },
    );
    this.name = 'JobsUnreadable';
  }
}

const count = z.coerce.bigint();

const row = z.object({
  project_id: z.string(),
  job_id: z.string(),
  user_email: z.string().nullable(),
  state: z.string(),
  statement_type: z.string().nullable(),
  cache_hit: z.boolean().nullable(),
  labels: z.array(z.object({ key: z.string(), value: z.string() })).nullable(),
  created_at_ms: z.coerce.number(),
  started_at_ms: count.nullable(),
  ended_at_ms: count.nullable(),
  bytes_processed: count.nullable(),
  bytes_billed: count.nullable(),
  slot_ms: count.nullable(),
  reservation_id: z.string().nullable(),
  error_reason: z.string().nullable(),
  sql_start: z.string().nullable(),
  model_bytes_billed: count.nullable(),
});

/**
 * The query jobs created in a span, page by page, from the warehouse's own list.
 * @param client with a credential that may list the project's jobs
 * @param location as BigQuery writes it; case does not matter
 * @throws JobsUnreadable
 */
export async function* readJobs(
  client: BigQuery,
  { projectId, location }: { readonly projectId: string; readonly location: string },
  { fromMs, toMs }: TimeSpan,
): AsyncGenerator<WarehouseJob> {
  const rows = client.createQueryStream({
    query: jobsQuery(projectId, location),
    params: { from: BigQuery.timestamp(new Date(fromMs)), to: BigQuery.timestamp(new Date(toMs)) },
    labels: { [RECONCILE_LABEL]: 'jobs' },
    location,
    useQueryCache: false,
  });
  try {
    for await (const one of rows) yield jobFrom(row.parse(one), location);
  } catch (error) {
    throw new JobsUnreadable(projectId, location, error);
  }
}

function jobFrom(found: z.infer<typeof row>, location: string): WarehouseJob {
  const labels = new Map(found.labels?.map(({ key, value }) => [key, value]));
  const sqlStart = found.sql_start ?? '';
  const cacheHit = found.cache_hit === true;
  const errorReason = found.error_reason;
  const neverBegan = endedUnbegun(found.started_at_ms, found.ended_at_ms);
  // For a query that failed or came from the cache, the view may hold null in place of 0.
  const ifMissing = unreportedIsNone({ cacheHit, errorReason, neverBegan }) ? 0n : null;
  const bytesBilled = found.bytes_billed ?? ifMissing;
  return {
    projectId: found.project_id,
    location: writtenLocation(location),
    jobId: found.job_id,
    principal: found.user_email,
    createdAtMs: found.created_at_ms,
    endedAtMs: found.state === 'DONE' && found.ended_at_ms !== null ? Number(found.ended_at_ms) : null,
    statementType: found.statement_type ?? 'UNKNOWN',
    bytesProcessed: found.bytes_processed ?? ifMissing,
    bytesBilled,
    models:
      found.model_bytes_billed === null
        ? modelsOf(found.statement_type)
        : modelShare(found.model_bytes_billed, bytesBilled ?? 0n),
    // Unlike bytes, slot time is never hidden: if there is none, none was used.
    slotMs: found.slot_ms ?? 0n,
    reservation: found.reservation_id,
    cacheHit,
    errorReason,
    labelledDecision: labels.get(DECISION_LABEL) ?? null,
    ofReconciliation: isOfReconciliation(labels, sqlStart),
    sqlStart,
  };
}

function sentenceOf(cause: unknown): string {
  const message = errorMessage(cause);
  return message.endsWith('.') ? message : `${message}.`;
}
