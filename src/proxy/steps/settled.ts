import type { SettlementPrice, UnpricedSettlement } from '../../books/books.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import { NOTHING_RAN } from '../../vocabulary/decision.ts';
import { reportedTariff } from '../../vocabulary/job-tariff.ts';
import { freeBytesFor, type Tariff } from '../../vocabulary/pricing.ts';
import { billedBy, hidesSlotTime, type JobOutcome, jobName } from '../answer/job-outcome.ts';
import type { Admitted } from '../passage.ts';

/** What a query came to, and how it is paid for. */
export type Settled = Omit<UnpricedSettlement, 'decisionId' | 'admittedAtMs' | 'atMs' | 'durationMs'>;

/** What a finished job came to; null if it has not finished, or does not say how it is to be paid for. */
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
 * The tariff according to the job, or that of the admission if the job does not say. An answer to the client that names
 * no reservation says nothing: answers to `jobs.query` never name one, and for others the client can ask for a part of
 * the fields.
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
  return reportedTariff({ ...ended, projectId, location, statementType, slotMs }, policy.pricing) ?? tariff;
}

/** For a query that did not run. */
export function nothingRan(admitted: Admitted, errorReason: string | null): Settled {
  return {
    ...NOTHING_RAN,
    errorReason,
    source: 'not run',
    price: priceBy(admitted.tariff, admitted),
  };
}

function priceBy(tariff: Tariff, { policy, estimate }: Admitted): SettlementPrice {
  return { tariff, freeBytesPerMonth: freeBytesFor(estimate, policy.pricing) };
}
