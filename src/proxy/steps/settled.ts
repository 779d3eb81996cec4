import type { Bytes } from '../../vocabulary/bytes.ts';
import { NOTHING_RAN } from '../../vocabulary/decision.ts';
import { mayRunInPart } from '../../vocabulary/estimate.ts';
import { jobName } from '../../vocabulary/job-name.ts';
import { reportedTariff, tariffOfJob } from '../../vocabulary/job-tariff.ts';
import type { ModelShare } from '../../vocabulary/models.ts';
import { freeBytesFor, onDemandTariff, type Tariff } from '../../vocabulary/pricing.ts';
import type { UnpricedSettlement } from '../../vocabulary/unpriced-settlement.ts';
import { billedBy, hidesSlotTime, type JobOutcome } from '../jobs/job-outcome.ts';
import type { Admitted } from '../passage.ts';
import { reservationOf } from '../request/job/leaves-reservation.ts';

/** What a query came to, and how it is paid for. */
export type Settled = Omit<UnpricedSettlement, 'decisionId' | 'admittedAtMs' | 'atMs' | 'durationMs'>;

/**
 * What a finished job came to; null if it has not finished, or does not say how it is to be paid for.
 * @param models how much of it went into models
 */
export function settledBy(
  admitted: Admitted,
  outcome: JobOutcome,
  { source, models }: { readonly source: 'response' | 'job'; readonly models: ModelShare },
): Settled | null {
  if (!outcome.done) return null;
  const bytesBilled = billedBy(outcome);
  if (bytesBilled === null) return null;
  const tariff = tariffOf(admitted, { ...outcome, bytesBilled, models }, source);
  if (tariff.model === 'editions' && hidesSlotTime(outcome)) return null;
  const { jobId, location } = outcome;
  const { projectId } = admitted.job;
  return {
    jobId: jobId === null ? null : jobName({ projectId, jobId, location }),
    bytesProcessed: outcome.bytesProcessed ?? 0n,
    bytesBilled,
    cacheHit: outcome.cacheHit,
    slotMs: outcome.slotMs,
    errorReason: outcome.errorReason,
    source,
    price: { tariff, freeBytesPerMonth: freeBytesFor({ models }, admitted.policy.pricing) },
  };
}

/**
 * The tariff according to the job, or that of the admission if the job does not say. An answer to the client that names
 * no reservation says nothing: answers to `jobs.query` never name one, and for others the client can ask for a part of
 * the fields.
 */
function tariffOf(
  { job, estimate, policy, tariff }: Admitted,
  ended: JobOutcome & { readonly bytesBilled: Bytes; readonly models: ModelShare },
  source: 'response' | 'job',
): Tariff {
  const location = ended.location ?? estimate.location;
  const { models } = ended;
  const asAdmitted =
    tariff.model === 'on demand' ? onDemandTariff({ location, models }, policy.pricing) : tariff;
  if (source === 'response' && ended.reservation === null) return asAdmitted;
  const { projectId } = job;
  const statementType = statementTypeOf({ estimate }, ended);
  const slotMs = BigInt(ended.slotMs ?? 0);
  const reported = { ...ended, projectId, location, statementType, slotMs };
  // How it was admitted says nothing of what was set unseen.
  if (reservationOf(job) === 'unseen') return tariffOfJob(reported, policy.pricing);
  return reportedTariff(reported, policy.pricing) ?? asAdmitted;
}

/**
 * Whether only its job tells by what a query is paid for: where slots have a price, and it is not known on which of them it
 * was to run. The answer to `jobs.query` never names a reservation.
 */
export function mayHaveRunElsewhere({ job, policy }: Admitted, outcome: JobOutcome): boolean {
  const isUntold = outcome.jobId !== null && outcome.reservation === null && !outcome.cacheHit;
  return isUntold && policy.pricing.editions !== null && ['named', 'unseen'].includes(reservationOf(job));
}

/** Whether only the jobs of a script's statements tell what of it went into models, and its price hangs on that. */
export function mayHaveMadeModels(admitted: Admitted, outcome: JobOutcome): boolean {
  const { models, tariff } = admitted;
  const statementType = statementTypeOf(admitted, outcome);
  return models === 'all' && tariff.model === 'on demand' && mayRunInPart({ statementType });
}

/** As the job says, or else its dry run. */
export function statementTypeOf(
  { estimate }: Pick<Admitted, 'estimate'>,
  { statementType }: JobOutcome,
): string {
  return statementType ?? estimate.statementType;
}

/** For a query that did not run. */
export function nothingRan(admitted: Admitted, errorReason: string | null): Settled {
  const { tariff, policy } = admitted;
  return {
    ...NOTHING_RAN,
    errorReason,
    source: 'not run',
    price: { tariff, freeBytesPerMonth: freeBytesFor(admitted, policy.pricing) },
  };
}
