import {
  costOf,
  onDemandTariff,
  type PricedStatement,
  type Pricing,
  slotTariff,
  type Tariff,
  type Usage,
} from './pricing.ts';

/** A job that has ended, as far as it matters to by what it is paid for. */
export interface EndedJob extends Usage, PricedStatement {
  readonly projectId: string;
  /** The reservation that it ran on, by the warehouse's word; null where it names none. */
  readonly reservation: string | null;
}

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobStatistics */
const NO_RESERVATION: ReadonlySet<string | null> = new Set([null, '', 'unreserved']);

/**
 * By what a job is paid for by the warehouse's own word, whatever the policy says of its project; null where it does not
 * tell, or tells of a reservation and the policy has no price of slots.
 */
export function toldTariff(job: EndedJob, pricing: Pricing): Tariff | null {
  if (!NO_RESERVATION.has(job.reservation)) return slotTariff(job.location, pricing);
  return tellsItsReservation(job) ? onDemandTariff(job, pricing) : null;
}

/**
 * By what a job is paid for: by the reservation that the warehouse names, or on demand where it names none, whatever the
 * policy says of the job's project. What comes dearer is taken where that none is named need not mean on demand.
 */
export function tariffOfJob(job: EndedJob, pricing: Pricing): Tariff {
  const told = toldTariff(job, pricing);
  if (told !== null) return told;
  const onDemand = onDemandTariff(job, pricing);
  const bySlots = slotTariff(job.location, pricing);
  if (bySlots === null || !pricing.editions?.covers(job.projectId)) return onDemand;
  return costOf(job, bySlots).micros >= costOf(job, onDemand).micros ? bySlots : onDemand;
}

/** A script is told as unreserved whatever its statements ran on, and what is billed no bytes would come free. */
function tellsItsReservation({ statementType, bytesBilled }: EndedJob): boolean {
  return statementType !== 'SCRIPT' && bytesBilled > 0n;
}
