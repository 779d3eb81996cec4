import type { SettlementPrice, UnpricedSettlement } from '../../books/books.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import { toldTariff } from '../../vocabulary/job-tariff.ts';
import { freeBytesFor, type Tariff } from '../../vocabulary/pricing.ts';
import { billedBy, hidesSlotTime, type JobOutcome, jobName } from '../answer/job-outcome.ts';
import type { Admitted } from '../passage.ts';

/** What a query came to, and by what it is paid for. */
export type Settled = Omit<UnpricedSettlement, 'decisionId' | 'admittedAtMs' | 'atMs' | 'durationMs'>;

/** What a job that has ended came to; null where it has not, or does not say what it is to be paid for. */
export function settledBy(
  admitted: Admitted,
  outcome: JobOutcome,
  source: 'response' | 'job',
): Settled | null {
  if (!outcome.done) return null;
  const bytesBilled = billedBy(outcome);
  if (bytesBilled === null) return null;
  const tariff = tariffOf(admitted, { ...outcome, bytesBilled }, source);
  if (tariff.model === 'editions' && hidesSlotTime(outcome)) return null;
  const { jobId, location } = outcome;
  return {
    jobId: jobId === null ? null : jobName(admitted.job.projectId, jobId, location),
    bytesProcessed: outcome.bytesProcessed ?? 0n,
    bytesBilled,
    cacheHit: outcome.cacheHit,
    slotMs: outcome.slotMs,
    errorReason: outcome.errorReason,
    source,
    price: priceBy(tariff, admitted),
  };
}

/**
 * The tariff that the job itself tells, or that of the admission where it tells none. An answer to the client that
 * names no reservation tells nothing: answers to `jobs.query` never name one, and of others the client can ask for a
 * part.
 */
function tariffOf(
  { job, estimate, policy, tariff }: Admitted,
  ended: JobOutcome & { readonly bytesBilled: Bytes },
  source: 'response' | 'job',
): Tariff {
  if (source === 'response' && ended.reservation === null) return tariff;
  const { projectId } = job;
  const location = ended.location ?? estimate.location;
  const statementType = ended.statementType ?? estimate.statementType;
  const slotMs = BigInt(ended.slotMs ?? 0);
  return toldTariff({ ...ended, projectId, location, statementType, slotMs }, policy.pricing) ?? tariff;
}

/** Of a query that did not run. */
export function nothingRan(admitted: Admitted, errorReason: string | null): Settled {
  return {
    jobId: null,
    bytesProcessed: 0n,
    bytesBilled: 0n,
    cacheHit: false,
    slotMs: null,
    errorReason,
    source: 'not run',
    price: priceBy(admitted.tariff, admitted),
  };
}

function priceBy(tariff: Tariff, { policy, estimate }: Admitted): SettlementPrice {
  return { tariff, freeBytesPerMonth: freeBytesFor(estimate, policy.pricing) };
}
