import { type Conversion, convertParts, type Exchange, exchangeOnDays } from '../vocabulary/exchange.ts';
import type { Micros, Money } from '../vocabulary/money.ts';
import { currencyTotals, type Saving, type SavingRow, sumSavings } from './saving.ts';

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

/** Savings by team, and in all in each other currency for which there is a rate. @param rows by team and day */
export function savingsOfTeams(
  rows: readonly SavingRow[],
  exchange: Exchange,
): { readonly rows: readonly SavingRow[]; readonly converted: readonly Money[] } {
  const savings = rows.map(({ keys: [team = '', day = ''], ...row }) => ({ ...row, team, day }));
  const others = new Set(exchange.exchangeRates.map(({ to }) => to));
  return {
    rows: sumSavings(savings, ['team']),
    converted: [...others].flatMap((to) => {
      const inOther = convertSavings(savings, { ...exchange, to }).filter(({ currency }) => currency === to);
      return currencyTotals(sumSavings(inOther, [])).map(({ savedCostMicros: micros }) => ({
        currency: to,
        micros,
      }));
    }),
  };
}
