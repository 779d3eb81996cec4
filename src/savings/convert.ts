import { type Conversion, convertParts, type Exchange, exchangeOnDays } from '../vocabulary/exchange.ts';
import type { Currency, Micros } from '../vocabulary/money.ts';
import { type Saving, type SavingRow, sumSavings } from './saving.ts';

/** Savings in another currency, each day at its own rate; those from whose currency there is no rate keep theirs. */
export function convertSavings(
  savings: readonly Saving[],
  { to, ...exchange }: Conversion,
): readonly Saving[] {
  const exchangeOn = exchangeOnDays(exchange);
  const convert = (microsOf: (saving: Saving) => Micros) =>
    convertParts(
      savings.map((saving) => ({
        day: saving.day,
        cost: { currency: saving.currency, micros: microsOf(saving) },
      })),
      to,
      exchangeOn,
    );
  const estimated = convert(({ estimatedCostMicros }) => estimatedCostMicros);
  const saved = convert(({ savedCostMicros }) => savedCostMicros);
  return savings.map((saving, i) => {
    const estimatedCostMicros = estimated[i] ?? null;
    const savedCostMicros = saved[i] ?? null;
    return estimatedCostMicros === null || savedCostMicros === null
      ? saving
      : { ...saving, currency: to, estimatedCostMicros, savedCostMicros };
  });
}

/** Savings in the currency of prices, in others. */
export interface ConvertedSavings {
  readonly from: Currency;
  readonly rows: readonly SavingRow[];
}

/**
 * Savings by team, and those in the currency of prices in each other for which there is a rate too.
 * @param rows by team and day
 */
export function savingsOfTeams(
  rows: readonly SavingRow[],
  exchange: Exchange,
): { readonly rows: readonly SavingRow[]; readonly converted: ConvertedSavings } {
  const savings = rows.map(({ keys: [team = '', day = ''], ...row }) => ({ ...row, team, day }));
  const others = new Set(exchange.exchangeRates.map(({ to }) => to));
  const priced = savings.filter(({ currency }) => currency === exchange.currency);
  return {
    rows: sumSavings(savings, ['team']),
    converted: {
      from: exchange.currency,
      rows: [...others].flatMap((to) => sumSavings(convertSavings(priced, { ...exchange, to }), ['team'])),
    },
  };
}
