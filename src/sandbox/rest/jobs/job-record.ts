import type { JobRecord } from '../../warehouse.ts';
import type { Job } from './job.ts';
import { destinationOf, slotMs } from './job-resource.ts';
import type { JobStore } from './job-store.ts';

/** A project's jobs of all principals, as they are when the first one is read. */
export function* jobRecords(store: JobStore, projectId: string): Iterable<JobRecord> {
  for (const job of [...store.newestFirst(projectId)]) yield jobRecord(job);
}

/** A job as in INFORMATION_SCHEMA.JOBS: the same as `jobs.get`, but without totals before its end. */
function jobRecord(job: Job): JobRecord {
  const { projectId, jobId } = job.reference;
  const progress = job.progress();
  const ended = progress.state === 'DONE' ? progress : null;
  const { statistics } = progress;
  return {
    projectId,
    jobId,
    userEmail: job.principal,
    creationTimeMs: job.creationTimeMs,
    startTimeMs: job.creationTimeMs,
    endTimeMs: ended?.endTimeMs ?? null,
    state: progress.state,
    query: job.query.request.sql,
    priority: job.query.priority,
    statementType: statistics?.statementType ?? null,
    totalBytesProcessed: ended?.statistics?.totalBytesProcessed ?? null,
    totalBytesBilled: ended?.statistics?.totalBytesBilled ?? null,
    totalSlotMs: ended === null ? null : BigInt(slotMs(job, ended.endTimeMs)),
    cacheHit: statistics?.cacheHit ?? null,
    error: ended?.error ?? null,
    destinationTable: destinationOf(job),
    referencedTables: statistics?.referencedTables ?? [],
    labels: job.query.labels,
  };
}
