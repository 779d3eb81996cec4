import { startOfDay } from '../calendar/days.ts';
import { compare } from '../lists/compare.ts';
import type { Currency, Micros, Money } from '../vocabulary/money.ts';
import { costIn, type Pricing } from '../vocabulary/pricing.ts';
import type { TeamSpend } from './month-report.ts';

/** The pricing of a date, `2026-11-24`. */
export type PricingOn = (date: string) => Pricing;

/**
 * That of each date as it begins where the policy is, looked up once: a month's spend of forty teams has a thousand
 * dates, and the calendar takes 20 µs for each.
 */
export function pricingOnDays(policy: {
  readonly pricingAt: (atMs: number) => Pricing;
  readonly timeZone: string;
}): PricingOn {
  const known = new Map<string, Pricing>();
  return (date) => {
    const pricing = known.get(date) ?? policy.pricingAt(startOfDay(date, policy.timeZone));
    known.set(date, pricing);
    return pricing;
  };
}

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
  teams: readonly Pick<TeamSpend, 'name' | 'days'>[],
  currency: Currency,
  pricingOn: PricingOn,
): Converted {
  // In the order of the sheets by team, so that each team comes to the same in them.
  const parts = teams
    .flatMap(({ name, days }, team) =>
      [...days].map(([day, { costMicros: micros }]) => ({ name, team, day, cost: { currency, micros } })),
    )
    .toSorted((a, b) => compareNames(a.name, b.name));
  const rates = parts.flatMap(({ day }) => pricingOn(day).exchangeRates);
  const others = new Set(rates.map(({ to }) => to).filter((to) => to !== currency));
  const sums = [...others].map((other) => {
    const ofTeams = teams.map(() => 0n);
    for (const [i, micros] of convertParts(parts, other, pricingOn).entries()) {
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

/** A part of what was spent on a day. */
export interface DayCost {
  readonly day: string;
  readonly cost: Money;
}

/**
 * Converts the parts of what was spent on some days to another currency, each at its day's rate, so that they add up to what
 * the whole day comes to: each rounded up by itself, they would exceed it. Null for a part whose day has no rate.
 */
export function convertParts(
  parts: readonly DayCost[],
  other: Currency,
  pricingOn: PricingOn,
): readonly (Micros | null)[] {
  const spent = new Map<string, Micros>();
  return parts.map(({ day, cost: { currency, micros } }) => {
    const key = `${day} ${currency}`;
    const before = spent.get(key) ?? 0n;
    spent.set(key, before + micros);
    if (currency === other) return micros;
    const converted = costIn(other, { currency, micros: before + micros }, pricingOn(day));
    const convertedBefore = costIn(other, { currency, micros: before }, pricingOn(day));
    return converted === null || convertedBefore === null ? null : converted.micros - convertedBefore.micros;
  });
}
