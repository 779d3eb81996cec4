import { type Bytes, TIB } from './bytes.ts';
import { type Currency, MICROS_PER_UNIT, type Micros, type Money } from './money.ts';

/** What analysis costs, by BigQuery location in lower case (`us`, `southamerica-east1`). */
export interface Prices {
  readonly byLocation: ReadonlyMap<string, Micros>;
  /** For a location that the list does not name. */
  readonly otherwise: Micros;
}

/** Projects whose queries run on reserved slots and are paid for by the slot-hour. */
export interface EditionsPricing {
  /** Whether a project's queries run on reserved slots. */
  covers(projectId: string): boolean;
  readonly microsPerSlotHour: Prices;
  /** What a query whose fingerprint has no history yet is taken to need, in slot-milliseconds. */
  readonly unknownSlotMs: bigint;
}

/** The price of analysis, and exchange. */
export interface Pricing {
  readonly currency: Currency;
  /** On demand, per TiB billed. */
  readonly onDemandMicrosPerTib: Prices;
  /** Null where everything is on demand. */
  readonly editions: EditionsPricing | null;
  /** Bytes billed on demand that cost nothing in each month of Pacific time; 0 where there is no free tier. */
  readonly freeBytesPerMonth: Bytes;
  /** How much of another currency one unit of `currency` buys. */
  readonly exchangeRates: readonly ExchangeRate[];
}

/** One unit of the pricing currency is `microsPerUnit` micros of `to`, from `asOf` on. */
export interface ExchangeRate {
  readonly to: Currency;
  readonly microsPerUnit: Micros;
  /** ISO date, `2026-11-01`. */
  readonly asOf: string;
}

/** By what one query is paid for. */
export type Tariff =
  | {
      readonly model: 'on demand';
      readonly currency: Currency;
      readonly microsPerTib: Micros;
    }
  | {
      readonly model: 'editions';
      readonly currency: Currency;
      readonly microsPerSlotHour: Micros;
    };

/** What a tariff is applied to. */
export interface Usage {
  readonly bytesBilled: Bytes;
  readonly slotMs: bigint;
}

/** Slots are priced by the hour, and metered by the millisecond. */
export const MS_PER_HOUR = 3_600_000n;

/** What decides on demand what a byte of a statement costs. */
export interface PricedStatement {
  /** As BigQuery writes it (`US`, `southamerica-east1`); case does not matter. */
  readonly location: string;
  /** `SELECT`, `CREATE_MODEL` and such, by the warehouse's word; null where it does not tell. */
  readonly statementType: string | null;
}

/** How many times the price of other statements a byte costs on demand that a model is made of. */
const MODEL_FACTOR = 50n;

/**
 * By what a statement in a project is paid for, as the policy has it.
 * @param leaves whether it may leave the slots of its project; asked only where the project has some
 */
export function tariffFor(
  { projectId, ...statement }: PricedStatement & { readonly projectId: string },
  pricing: Pricing,
  leaves: () => boolean = () => false,
): Tariff {
  const isOnSlots = pricing.editions?.covers(projectId) && !leaves();
  return (isOnSlots ? slotTariff(statement.location, pricing) : null) ?? onDemandTariff(statement, pricing);
}

/**
 * By what a statement is paid for that runs on no reservation. Making a model is taken at the price of the dearest kind of
 * model, as BigQuery's own page compares jobs with the invoice: neither a dry run nor a job tells the kind.
 * @see https://cloud.google.com/bigquery/docs/information-schema-jobs#compare_on-demand_job_usage_to_billing_data
 */
export function onDemandTariff(
  statement: PricedStatement,
  { currency, onDemandMicrosPerTib }: Pricing,
): Tariff {
  const price = priceIn(onDemandMicrosPerTib, statement.location);
  return { model: 'on demand', currency, microsPerTib: makesModel(statement) ? price * MODEL_FACTOR : price };
}

/** The bytes of a month that cost nothing, as far as a statement may take of them: models may not. */
export function freeBytesFor(
  statement: Pick<PricedStatement, 'statementType'>,
  { freeBytesPerMonth }: Pricing,
): Bytes {
  return makesModel(statement) ? 0n : freeBytesPerMonth;
}

function makesModel({ statementType }: Pick<PricedStatement, 'statementType'>): boolean {
  return statementType === 'CREATE_MODEL';
}

/** By what queries in a location are paid for that run on a reservation; null where the policy has no price of slots. */
export function slotTariff(location: string, { currency, editions }: Pricing): Tariff | null {
  if (editions === null) return null;
  return { model: 'editions', currency, microsPerSlotHour: priceIn(editions.microsPerSlotHour, location) };
}

function priceIn({ byLocation, otherwise }: Prices, location: string): Micros {
  return byLocation.get(location.toLowerCase()) ?? otherwise;
}

/**
 * What a usage costs under a tariff, rounded up to a whole micro, so that no sum of costs is below the invoice.
 * @see https://cloud.google.com/bigquery/pricing#on_demand_pricing
 * @see https://cloud.google.com/bigquery/pricing#capacity_compute_pricing
 */
export function costOf(usage: Usage, tariff: Tariff): Money {
  const { currency } = tariff;
  return tariff.model === 'on demand'
    ? { currency, micros: rounded(usage.bytesBilled * tariff.microsPerTib, TIB) }
    : { currency, micros: rounded(usage.slotMs * tariff.microsPerSlotHour, MS_PER_HOUR) };
}

/**
 * What micros of one currency are in another. Rounds up to a whole micro, so that the sum of what was exchanged is never
 * below the exchange of the sum, and what is not above another never comes to more.
 */
export function exchanged(micros: Micros, microsPerUnit: Micros): Micros {
  return rounded(micros * microsPerUnit, MICROS_PER_UNIT);
}

function rounded(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}
