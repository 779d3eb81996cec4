import { setImmediate as otherWork } from 'node:timers/promises';
import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBTimestampTZValue,
  type DuckDBValue,
  listValue,
  structValue,
} from '@duckdb/node-api';
import { duckdbName } from './catalog/catalog.ts';
import { JOBS_BY_PROJECT, JOBS_SCHEMA, REGION } from './catalog/jobs-view.ts';
import type { JobRecord, TableReference } from './warehouse.ts';

/** Rows written at once: DuckDB takes at most 2,048. */
const ROWS_AT_ONCE = 2048;

/** The jobs to be seen. */
export interface JobListing {
  readonly projectId: string;
  readonly jobs: Iterable<JobRecord>;
  /** Aborting it stops the writing, and rejects with its reason. */
  readonly signal: AbortSignal;
}

/**
 * Runs work that sees the jobs in INFORMATION_SCHEMA.JOBS. They exist only in the connection's own transaction and are
 * gone at its end, so that no other query sees them, each sees the jobs of its own time, and none are kept.
 * @param connection if this rejects, whoever opened the connection closes it, which rolls back the transaction
 */
export async function withJobs<T>(
  connection: DuckDBConnection,
  listing: JobListing,
  work: () => Promise<T>,
): Promise<T> {
  const { projectId } = listing;
  const table = duckdbName({ projectId, datasetId: REGION, tableId: JOBS_BY_PROJECT });
  await connection.run('BEGIN TRANSACTION');
  await writeJobs(connection, listing);
  const result = await work();
  await connection.run(`DELETE FROM ${table}`);
  await connection.run('COMMIT');
  return result;
}

async function writeJobs(
  connection: DuckDBConnection,
  { projectId, jobs, signal }: JobListing,
): Promise<void> {
  const appender = await connection.createAppender(JOBS_BY_PROJECT, REGION, projectId);
  const types = JOBS_SCHEMA.map((_, index) => appender.columnType(index));
  try {
    for (const jobChunk of inChunks(jobs)) {
      const chunk = DuckDBDataChunk.create(types, jobChunk.length);
      chunk.setRows(jobChunk.map(rowOf));
      appender.appendDataChunk(chunk);
      // Writing many jobs takes seconds, which other requests must not wait for.
      await otherWork();
      signal.throwIfAborted();
    }
  } catch (error) {
    appender.clear();
    throw error;
  } finally {
    appender.closeSync();
  }
}

function* inChunks(jobs: Iterable<JobRecord>): Iterable<readonly JobRecord[]> {
  let chunk: JobRecord[] = [];
  for (const job of jobs) {
    chunk.push(job);
    if (chunk.length < ROWS_AT_ONCE) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

function rowOf(job: JobRecord): readonly DuckDBValue[] {
  const columns = columnsOf(job);
  return JOBS_SCHEMA.map(({ name }) => columns[name] ?? null);
}

/** By column; whatever is left out is null: the sandbox has no reservations, scripts, transactions or sessions. */
function columnsOf(job: JobRecord): Readonly<Record<string, DuckDBValue>> {
  return {
    creation_time: timestamp(job.creationTimeMs),
    project_id: job.projectId,
    user_email: job.userEmail,
    job_id: job.jobId,
    job_type: 'QUERY',
    statement_type: job.statementType,
    priority: job.priority,
    start_time: timestamp(job.startTimeMs),
    end_time: job.endTimeMs === null ? null : timestamp(job.endTimeMs),
    query: job.query,
    state: job.state,
    total_bytes_processed: job.totalBytesProcessed,
    total_slot_ms: job.totalSlotMs,
    error_result: job.error === null ? null : errorValue(job.error),
    cache_hit: job.cacheHit,
    destination_table: job.destinationTable === null ? null : tableValue(job.destinationTable),
    referenced_tables: listValue(job.referencedTables.map(tableValue)),
    labels: listValue(Object.entries(job.labels).map(([key, value]) => structValue({ key, value }))),
    total_bytes_billed: job.totalBytesBilled,
  };
}

function errorValue({ reason, location, message }: NonNullable<JobRecord['error']>): DuckDBValue {
  return structValue({ reason, location, debug_info: null, message });
}

function tableValue({ projectId, datasetId, tableId }: TableReference): DuckDBValue {
  return structValue({ project_id: projectId, dataset_id: datasetId, table_id: tableId });
}

function timestamp(ms: number): DuckDBValue {
  return new DuckDBTimestampTZValue(BigInt(ms) * 1000n);
}
