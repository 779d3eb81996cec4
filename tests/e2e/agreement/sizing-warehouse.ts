import type { ServerResponse } from 'node:http';
import { billedBytes } from '../../../src/estimate/billed.ts';
import { MIB } from '../../../src/vocabulary/bytes.ts';
import { type LittleServer, littleServer, type Seen, sendJson } from '../../little-server.ts';

/** The tables of dataset `d`, and the MiB in each. */
const MIB_OF: Readonly<Record<string, bigint>> = { small: 5n, days: 700n, wide: 3_000n, clustered: 400n };
const SLOT_MS_PER_MIB = 200n;

/** A query, by whichever method it arrived. */
interface Job {
  readonly id: string;
  readonly sql: string;
  readonly isDryRun: boolean;
  readonly maximumBytesBilled: bigint | null;
  /** The reservation it ran on, as in the job's statistics; null on demand. */
  readonly reservation: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * A warehouse that sizes queries by the tables that they name, bills and caps them as BigQuery does, and runs scripts,
 * sessions, legacy SQL and slots, which the sandbox does not. Projects whose names begin with `slots` have a reservation.
 */
export function sizingWarehouse(): Promise<LittleServer> {
  const jobs = new Map<string, Job>();
  return littleServer((response, seen) => answer(response, seen, jobs));
}

function answer(response: ServerResponse, seen: Seen, jobs: Map<string, Job>): void {
  const path = new URL(seen.url, 'http://localhost').pathname;
  const { status, body } = seen.method === 'GET' ? found(path, seen, jobs) : run(path, seen, jobs);
  sendJson(response, status, body);
}

/** Answers a GET with a table, a job, or all jobs. */
function found(path: string, seen: Seen, jobs: ReadonlyMap<string, Job>) {
  const last = path.split('/').at(-1) ?? '';
  if (path.includes('/tables/')) return { status: 200, body: tableResource(last) };
  const job = jobs.get(last);
  const list = { jobs: [...jobs.values()].map((one) => jobResource(one, seen)) };
  return { status: 200, body: job === undefined ? list : jobResource(job, seen) };
}

/** Answers a POST: a dry run, or a query that runs at once. */
function run(path: string, seen: Seen, jobs: Map<string, Job>) {
  const job = jobIn(seen, path, `job_${jobs.size}`);
  if (job.isDryRun) return { status: 200, body: jobResource(job, seen) };
  jobs.set(job.id, job);
  if (isStopped(job)) return { status: 400, body: { error: { code: 400, ...STOPPED, errors: [STOPPED] } } };
  return { status: 200, body: path.endsWith('/queries') ? queryResult(job) : jobResource(job, seen) };
}

const STOPPED = { reason: 'bytesBilledLimitExceeded', message: 'Query exceeded limit for bytes billed' };

/** Whether its cap stops it, at no cost. */
function isStopped({ sql, isDryRun, maximumBytesBilled }: Job): boolean {
  return !isDryRun && maximumBytesBilled !== null && bytesToBill(sql) > maximumBytesBilled;
}

function jobIn({ body }: Seen, path: string, id: string): Job {
  const request = JSON.parse(body);
  const configuration = request.configuration ?? request;
  const query = request.configuration?.query ?? request;
  const isOnSlots = path.includes('/projects/slots') && configuration.reservation !== 'none';
  return {
    id,
    sql: query.query,
    isDryRun: configuration.dryRun === true,
    maximumBytesBilled: query.maximumBytesBilled === undefined ? null : BigInt(query.maximumBytesBilled),
    reservation: isOnSlots && !/@@reservation/.test(query.query) ? 'slots-1:US.all' : null,
    labels: configuration.labels ?? {},
  };
}

function queryResult(job: Job) {
  return {
    jobReference: { projectId: 'p', jobId: job.id, location: 'US' },
    jobComplete: true,
    totalBytesProcessed: String(processed(job.sql)),
    totalBytesBilled: String(bytesToBill(job.sql)),
    totalSlotMs: String(slotMs(job.sql)),
    rows: [],
  };
}

function jobResource(job: Job, { headers }: Seen) {
  const { sql } = job;
  const isScript = sql.includes(';');
  const facts = {
    totalBytesProcessed: String(isScript && job.isDryRun ? 0n : processed(sql)),
    totalBytesProcessedAccuracy: sql.includes('clustered') ? 'UPPER_BOUND' : 'PRECISE',
    statementType: statementType(sql),
    referencedTables: isScript && job.isDryRun ? [] : tablesIn(sql),
  };
  return {
    jobReference: { projectId: 'p', jobId: job.id, location: 'US' },
    user_email: headers.authorization?.replace('Bearer sandbox:', ''),
    configuration: { labels: job.labels },
    status: { state: 'DONE', ...(isStopped(job) ? { errorResult: STOPPED } : {}) },
    statistics: {
      totalSlotMs: String(isStopped(job) ? 0n : slotMs(sql)),
      ...(job.reservation === null ? {} : { reservation_id: job.reservation }),
      query: {
        ...facts,
        ...(isScript && job.isDryRun ? { totalBytesProcessedAccuracy: undefined } : {}),
        ...(job.isDryRun ? {} : { totalBytesBilled: String(isStopped(job) ? 0n : bytesToBill(sql)) }),
      },
    },
  };
}

function tableResource(tableId: string) {
  const isByDay = tableId === 'days' || tableId === 'wide';
  return { type: 'TABLE', ...(isByDay ? { timePartitioning: { type: 'DAY', field: 'day' } } : {}) };
}

function statementType(sql: string): string {
  if (sql.includes(';')) return 'SCRIPT';
  const words = /^(?:#.*\n)?(CREATE MODEL|EXECUTE IMMEDIATE|\w+)/.exec(sql)?.[1];
  return (words ?? 'SELECT').toUpperCase().replace(' ', '_');
}

function tablesIn(sql: string) {
  return Object.keys(MIB_OF)
    .filter((tableId) => new RegExp(`\\b${tableId}\\b`).test(sql))
    .map((tableId) => ({ projectId: 'p', datasetId: 'd', tableId }));
}

function processed(sql: string): bigint {
  return tablesIn(sql).reduce((sum, { tableId }) => sum + (MIB_OF[tableId] ?? 0n) * MIB, 0n);
}

/** Half of a clustered table is read. */
function bytesToBill(sql: string): bigint {
  const read = sql.includes('clustered') ? processed(sql) / 2n : processed(sql);
  return billedBytes(read, tablesIn(sql).length);
}

function slotMs(sql: string): bigint {
  return (processed(sql) / MIB) * SLOT_MS_PER_MIB;
}
