import { type Bytes, TIB } from './bytes.ts';
import type { ModelShare } from './models.ts';
import { type Currency, MICROS_PER_UNIT, type Micros, type Money } from './money.ts';

/** The price of analysis, by BigQuery location in lower case (`us`, `southamerica-east1`). */
export interface Prices {
  readonly byLocation: ReadonlyMap<string, Micros>;
  /** For locations that are not listed. */
  readonly otherwise: Micros;
}

/** Projects whose queries run on reserved slots and are paid for by the slot-hour. */
export interface EditionsPricing {
  /** Whether a project's queries run on reserved slots. */
  covers(projectId: string): boolean;
  readonly microsPerSlotHour: Prices;
  /** The slot-milliseconds that a query is assumed to need if its fingerprint has no history yet. */
  readonly unknownSlotMs: bigint;
}

/** The prices of analysis, and exchange rates. */
export interface Pricing {
  readonly currency: Currency;
  /** On demand, per TiB billed. */
  readonly onDemandMicrosPerTib: Prices;
  /** Null if everything is on demand. */
  readonly editions: EditionsPricing | null;
  /** Bytes billed on demand that are free in each month of Pacific time; 0 if there is no free tier. */
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

/** How one query is paid for. */
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

/** The usage that a tariff is applied to. */
export interface Usage {
  /**
   * BigQuery reports them of a job on a reservation too, for information.
   * @see https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobStatistics2
   */
  readonly bytesBilled: Bytes;
  readonly slotMs: bigint;
}

/** Slots are priced by the hour, but metered by the millisecond. */
export const MS_PER_HOUR = 3_600_000n;

/** What determines the on-demand price of a statement's bytes. */
export interface PricedStatement {
  /** As BigQuery writes it (`US`, `southamerica-east1`); case does not matter. */
  readonly location: string;
  readonly models: ModelShare;
}

/** How many times the normal on-demand price a byte costs if it goes into a model. */
const MODEL_FACTOR = 50n;

/**
 * How a statement in a project is paid for, according to the policy.
 * @param leavesReservation whether it may leave its project's slots; only asked if the project has some
 */
export function tariffFor(
  { projectId, ...statement }: PricedStatement & { readonly projectId: string },
  pricing: Pricing,
  leavesReservation: () => boolean = () => false,
): Tariff {
  const isOnSlots = pricing.editions?.covers(projectId) && !leavesReservation();
  return (isOnSlots ? slotTariff(statement.location, pricing) : null) ?? onDemandTariff(statement, pricing);
}

/**
 * How a statement is paid for that runs on no reservation. Creating a model is priced as the most expensive kind of
 * model, as BigQuery's own page does when it compares jobs with the invoice: neither a dry run nor a job tells the
 * kind.
 * @see https://cloud.google.com/bigquery/docs/information-schema-jobs#compare_on-demand_job_usage_to_billing_data
 */
export function onDemandTariff(
  statement: PricedStatement,
  { currency, onDemandMicrosPerTib }: Pricing,
): Tariff {
  const price = priceIn(onDemandMicrosPerTib, statement.location);
  return { model: 'on demand', currency, microsPerTib: withModels(price, statement.models) };
}

/**
 * The price of a byte of a script that makes models is between that of queries and that of models, by how much went into
 * each. Rounded up, so that the script's cost is never below that of its statements.
 */
function withModels(price: Micros, models: ModelShare): Micros {
  if (models === 'none') return price;
  if (models === 'all') return price * MODEL_FACTOR;
  const { ofModels, ofAll } = models;
  return divideRoundingUp(price * (ofAll - ofModels + MODEL_FACTOR * ofModels), ofAll);
}

/**
 * The bytes of a month that cost nothing, as far as a statement may take of them: models may not, and a script that makes
 * one, of whose bytes all have one price, is taken not to either.
 */
export function freeBytesFor(
  { models }: Pick<PricedStatement, 'models'>,
  { freeBytesPerMonth }: Pricing,
): Bytes {
  return models === 'none' ? freeBytesPerMonth : 0n;
}

/** How queries on a reservation in this location are paid for; null if the policy has no price for slots. */
export function slotTariff(location: string, { currency, editions }: Pricing): Tariff | null {
  if (editions === null) return null;
  return { model: 'editions', currency, microsPerSlotHour: priceIn(editions.microsPerSlotHour, location) };
}

function priceIn({ byLocation, otherwise }: Prices, location: string): Micros {
  return byLocation.get(location.toLowerCase()) ?? otherwise;
}

/**
 * The cost of a usage under a tariff, rounded up to a whole micro, so that no sum of costs is below the invoice.
 * @see https://cloud.google.com/bigquery/pricing#on_demand_pricing
 * @see https://cloud.google.com/bigquery/pricing#capacity_compute_pricing
 */
export function costOf(usage: Usage, tariff: Tariff): Money {
  const { currency } = tariff;
  return tariff.model === 'on demand'
    ? { currency, micros: divideRoundingUp(usage.bytesBilled * tariff.microsPerTib, TIB) }
    : { currency, micros: divideRoundingUp(usage.slotMs * tariff.microsPerSlotHour, MS_PER_HOUR) };
}

/**
 * Converts micros of one currency to another. Rounds up to a whole micro, so that the sum of converted amounts is never
 * below the converted sum, and the order of amounts is kept.
 */
export function convertCurrency(micros: Micros, microsPerUnit: Micros): Micros {
  return divideRoundingUp(micros * microsPerUnit, MICROS_PER_UNIT);
}

/** A cost in another currency, at the rate in force; null if the pricing has none. */
export function costIn(
  currency: Currency,
  cost: Money,
  pricing: Pick<Pricing, 'currency' | 'exchangeRates'>,
): Money | null {
  const rate = pricing.exchangeRates.find(({ to }) => to === currency);
  if (rate === undefined || cost.currency !== pricing.currency) return null;
  return { currency, micros: convertCurrency(cost.micros, rate.microsPerUnit) };
}

function divideRoundingUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}
