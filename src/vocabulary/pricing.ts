import type { Currency, Micros } from './money.ts';

/** The price of on-demand analysis, per TiB billed, by BigQuery location. */
export interface Pricing {
  readonly currency: Currency;
  /** Key: location in lower case (`us`, `southamerica-east1`). */
  readonly onDemandMicrosPerTib: ReadonlyMap<string, Micros>;
  /** For a location that the list does not name. */
  readonly defaultMicrosPerTib: Micros;
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
