import { compare } from '../../foundation/lists/compare.ts';
import { convertParts, type ExchangeOn } from '../../vocabulary/exchange.ts';
import type { Currency, Micros, Money } from '../../vocabulary/money.ts';
import type { CostOfDays } from './month-report.ts';

/** What teams spent, in other currencies. */
export interface Converted {
  readonly total: readonly Money[];
  /** For each team, in the order in which they were given. */
  readonly ofTeams: readonly (readonly Money[])[];
}

/**
 * What teams spent, in every other currency for which the policy has a rate. Each day is converted at its own rate, as
 * budgets in that currency are charged.
 */
export function inOtherCurrencies(
  teams: readonly { readonly name: string | null; readonly days: CostOfDays }[],
  currency: Currency,
  exchangeOn: ExchangeOn,
): Converted {
  // In the order of the sheets by team, so that each team comes to the same in them.
  const parts = teams
    .flatMap(({ name, days }, team) =>
      [...days].map(([day, { costMicros: micros }]) => ({ name, team, day, cost: { currency, micros } })),
    )
    .toSorted((a, b) => compareNames(a.name, b.name));
  const rates = parts.flatMap(({ day }) => exchangeOn(day).exchangeRates);
  const others = new Set(rates.map(({ to }) => to).filter((to) => to !== currency));
  const sums = [...others].map((other) => {
    const ofTeams = teams.map(() => 0n);
    for (const [i, micros] of convertParts(parts, other, exchangeOn).entries()) {
      const team = parts[i]?.team ?? 0;
      ofTeams[team] = (ofTeams[team] ?? 0n) + (micros ?? 0n);
    }
    return { other, ofTeams };
  });
  const spent = (microsIn: (ofTeams: readonly Micros[]) => Micros) =>
    sums
      .map(({ other, ofTeams }) => ({ currency: other, micros: microsIn(ofTeams) }))
      .filter(({ micros }) => micros > 0n);
  return {
    total: spent((ofTeams) => ofTeams.reduce((sum, micros) => sum + micros, 0n)),
    ofTeams: teams.map((_team, i) => spent((ofTeams) => ofTeams[i] ?? 0n)),
  };
}

/** Without a name comes last. */
function compareNames(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compare(a, b);
}
