import type { Currency, Micros, Money } from './money.ts';
import { costIn, type ExchangeRate, type Pricing } from './pricing.ts';

/** Exchange rates, and the currency of prices, from which they convert. */
export type Exchange = Pick<Pricing, 'currency' | 'exchangeRates'>;

/** The exchange on a date, `2026-11-24`: for each currency, the first rate in the list is the one in force. */
export type ExchangeOn = (date: string) => Exchange;

/** The exchange on any date, with the rates of each sorted once: a month's spend of forty teams asks a thousand times. */
export function exchangeOnDays({ currency, exchangeRates }: Exchange): ExchangeOn {
  const known = new Map<string, Exchange>();
  return (date) => {
    const exchange = known.get(date) ?? { currency, exchangeRates: inForceFirst(exchangeRates, date) };
    known.set(date, exchange);
    return exchange;
  };
}

/**
 * Rates in force on a day come first, newest first. Those of later days follow, the earliest first: it applies if none is
 * in force.
 */
export function inForceFirst(rates: readonly ExchangeRate[], day: string): readonly ExchangeRate[] {
  const inForce = rates.filter(({ asOf }) => asOf <= day).sort((a, b) => (a.asOf < b.asOf ? 1 : -1));
  const later = rates.filter(({ asOf }) => asOf > day).sort((a, b) => (a.asOf > b.asOf ? 1 : -1));
  return [...inForce, ...later];
}

/** A currency to convert to, at rates; a plain value, which other processes can be sent. */
export interface Conversion extends Exchange {
  readonly to: Currency;
}

/** The currencies that amounts can be given in: that of the prices, and those with a rate. */
export function currenciesOf({ currency, exchangeRates }: Exchange): readonly Currency[] {
  return [...new Set([currency, ...exchangeRates.map(({ to }) => to)])];
}

/** A part of what was spent on a day. */
export interface DayCost {
  readonly day: string;
  readonly cost: Money;
}

/**
 * Converts the parts of what was spent on some days to another currency, each at its day's rate, so that they add up to what
 * the whole day comes to: each rounded up by itself, they would exceed it. Null for a part whose currency has no rate.
 */
export function convertParts(
  parts: readonly DayCost[],
  other: Currency,
  exchangeOn: ExchangeOn,
): readonly (Micros | null)[] {
  const spent = new Map<string, Micros>();
  return parts.map(({ day, cost: { currency, micros } }) => {
    const key = `${day} ${currency}`;
    const before = spent.get(key) ?? 0n;
    spent.set(key, before + micros);
    if (currency === other) return micros;
    const converted = costIn(other, { currency, micros: before + micros }, exchangeOn(day));
    const convertedBefore = costIn(other, { currency, micros: before }, exchangeOn(day));
    return converted === null || convertedBefore === null ? null : converted.micros - convertedBefore.micros;
  });
}

/**
 * Rows with some of their amounts in another currency, each at the rate of its day. A row from whose currency there is no rate
 * stays as it is.
 * @param amounts names of the members to convert, which are in the row's currency
 */
export function convertRows<
  Amount extends string,
  Row extends { readonly currency: Currency } & Readonly<Record<Amount, Micros>>,
>(
  rows: readonly Row[],
  { to, ...exchange }: Conversion,
  { dayOf, amounts }: { readonly dayOf: (row: Row) => string; readonly amounts: readonly Amount[] },
): readonly Row[] {
  const exchangeOn = exchangeOnDays(exchange);
  const columns = amounts.map((amount) =>
    convertParts(
      rows.map((row) => ({ day: dayOf(row), cost: { currency: row.currency, micros: row[amount] } })),
      to,
      exchangeOn,
    ),
  );
  return rows.map((row, i) => {
    const converted = amounts.map((amount, at) => [amount, columns[at]?.[i] ?? null] as const);
    return converted.some(([, micros]) => micros === null)
      ? row
      : { ...row, currency: to, ...Object.fromEntries(converted) };
  });
}
