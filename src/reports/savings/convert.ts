import { type Conversion, convertRows, type Exchange } from '../../vocabulary/exchange.ts';
import type { Currency } from '../../vocabulary/money.ts';
import { type Saving, type SavingRow, sumSavings } from './saving.ts';

/** Savings in another currency, each day at its own rate; those from whose currency there is no rate keep theirs. */
export function convertSavings(savings: readonly Saving[], conversion: Conversion): readonly Saving[] {
  return convertRows(savings, conversion, {
    dayOf: ({ day }) => day,
    amounts: ['estimatedCostMicros', 'savedCostMicros'],
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
