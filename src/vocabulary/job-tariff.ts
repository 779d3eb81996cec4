import {
  costOf,
  onDemandTariff,
  type PricedStatement,
  type Pricing,
  slotTariff,
  type Tariff,
  type Usage,
} from './pricing.ts';

/** The parts of a finished job that decide how it is paid for. */
export interface EndedJob extends Usage, PricedStatement {
  readonly projectId: string;
  /** `SELECT`, `CREATE_MODEL` and so on, as the warehouse says; null if it does not. */
  readonly statementType: string | null;
  /** The reservation that it ran on, according to the warehouse; null if it names none. */
  readonly reservation: string | null;
}

/** @see https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobStatistics */
const NO_RESERVATION: ReadonlySet<string | null> = new Set([null, '', 'unreserved']);

/**
 * How a job is paid for, judging only by what the warehouse says, whatever the policy says about its project; null if
 * the warehouse does not say, or names a reservation and the policy has no price for slots.
 */
export function reportedTariff(job: EndedJob, pricing: Pricing): Tariff | null {
  if (!NO_RESERVATION.has(job.reservation)) return slotTariff(job.location, pricing);
  return reportsReservation(job) ? onDemandTariff(job, pricing) : null;
}

/**
 * How a job is paid for: by the reservation that the warehouse names, or on demand if it names none, whatever the
 * policy says about the job's project. The more expensive of the two if naming none need not mean on demand.
 */
export function tariffOfJob(job: EndedJob, pricing: Pricing): Tariff {
  const reported = reportedTariff(job, pricing);
  if (reported !== null) return reported;
  const onDemand = onDemandTariff(job, pricing);
  const bySlots = slotTariff(job.location, pricing);
  if (bySlots === null || !pricing.editions?.covers(job.projectId)) return onDemand;
  return costOf(job, bySlots).micros >= costOf(job, onDemand).micros ? bySlots : onDemand;
}

/**
 * The warehouse reports a script as unreserved whatever its statements ran on, and if it was billed no bytes it would
 * come out free.
 */
function reportsReservation({ statementType, bytesBilled }: EndedJob): boolean {
  return statementType !== 'SCRIPT' && bytesBilled > 0n;
}
