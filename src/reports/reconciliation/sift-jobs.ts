import type { LedgerReader } from '../../ledger/ledger.ts';
import type { WarehouseJob } from './jobs/warehouse-job.ts';
import { jobsInLedger } from './ledger/jobs-in-ledger.ts';

/** So many jobs that no entry is about are in memory at once, with a report on them. */
const JOBS_AT_ONCE = 1_000;

/**
 * Goes through jobs as they come.
 * @param onStrangers gets those that no entry of the ledger can be about: there may be millions, and none is kept
 * @returns the others
 */
export async function siftJobs(
  db: LedgerReader,
  jobs: AsyncIterable<WarehouseJob>,
  onStrangers: (strangers: readonly WarehouseJob[]) => void,
): Promise<readonly WarehouseJob[]> {
  const known: WarehouseJob[] = [];
  for await (const some of asyncChunks(jobs, JOBS_AT_ONCE)) {
    const inLedger = new Set(await jobsInLedger(db, some));
    known.push(...inLedger);
    onStrangers(some.filter((job) => !inLedger.has(job)));
  }
  return known;
}

async function* asyncChunks<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let some: T[] = [];
  for await (const item of items) {
    some.push(item);
    if (some.length < size) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
