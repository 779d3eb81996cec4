import type { Bytes } from '../../vocabulary/bytes.ts';
import { endedUnbegun, type JobEnd, unreportedIsNone } from '../../vocabulary/unreported.ts';

/** What an answer of the warehouse says about a job, as far as it does. */
export interface JobOutcome extends JobEnd {
  readonly jobId: string | null;
  readonly location: string | null;
  /** True once the job has ended, well or badly. */
  readonly done: boolean;
  readonly bytesProcessed: Bytes | null;
  readonly bytesBilled: Bytes | null;
  readonly slotMs: number | null;
  /**
   * The reservation that it ran on. Null if it ran on none, and if the answer leaves it out, as all answers to
   * `jobs.query` do.
   */
  readonly reservation: string | null;
  readonly statementType: string | null;
  /** The job's principal according to BigQuery. */
  readonly userEmail: string | null;
}

/** Where these are in `jobs.query` and `jobs.getQueryResults` answers, and in Job resources. */
export const OUTCOME_PATHS = [
  'jobReference.jobId',
  'jobReference.location',
  'jobComplete',
  'totalBytesProcessed',
  'totalBytesBilled',
  'totalSlotMs',
  'cacheHit',
  'user_email',
  'status.state',
  'status.errorResult.reason',
  'statistics.startTime',
  'statistics.endTime',
  'statistics.totalBytesProcessed',
  'statistics.totalSlotMs',
  'statistics.reservation_id',
  'statistics.query.totalBytesProcessed',
  'statistics.query.totalBytesBilled',
  'statistics.query.cacheHit',
  'statistics.query.statementType',
] as const;

/** Interprets the fields that a scanner found. */
export function readOutcome(fields: ReadonlyMap<string, string>): JobOutcome {
  const first = (...paths: readonly (typeof OUTCOME_PATHS)[number][]) => {
    for (const path of paths) {
      const value = fields.get(path);
      if (value !== undefined && value !== 'null') return value;
    }
    return null;
  };
  return {
    jobId: first('jobReference.jobId'),
    location: first('jobReference.location'),
    done: first('jobComplete') === 'true' || first('status.state') === 'DONE',
    bytesProcessed: count(
      first('statistics.query.totalBytesProcessed', 'statistics.totalBytesProcessed', 'totalBytesProcessed'),
    ),
    bytesBilled: count(first('statistics.query.totalBytesBilled', 'totalBytesBilled')),
    cacheHit: first('cacheHit', 'statistics.query.cacheHit') === 'true',
    slotMs: toNumber(count(first('totalSlotMs', 'statistics.totalSlotMs'))),
    errorReason: first('status.errorResult.reason'),
    neverBegan: endedUnbegun(count(first('statistics.startTime')), count(first('statistics.endTime'))),
    reservation: first('statistics.reservation_id'),
    statementType: first('statistics.query.statementType'),
    userEmail: first('user_email'),
  };
}

/**
 * What a finished job was billed; null if that is not known. If BigQuery says nothing of it, a job that failed was billed
 * nothing, but what one was billed that was cancelled after it began is not known.
 */
export function billedBy({ bytesBilled, ...end }: Pick<JobOutcome, 'bytesBilled'> & JobEnd): Bytes | null {
  return bytesBilled ?? (unreportedIsNone(end) ? 0n : null);
}

/** Whether a finished job may have used slots without saying for how long: it then has no price by slot time. */
export function hidesSlotTime({
  slotMs,
  ...end
}: JobEnd & { readonly slotMs: number | bigint | null }): boolean {
  return slotMs === null && !unreportedIsNone(end);
}

function count(text: string | null): bigint | null {
  return text !== null && /^\d+$/.test(text) ? BigInt(text) : null;
}

function toNumber(value: bigint | null): number | null {
  return value === null ? null : Number(value);
}
