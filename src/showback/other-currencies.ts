import { startOfDay } from '../calendar/days.ts';
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

/**
 * What teams spent, in every other currency for which the policy has a rate. Each day is converted at its own rate, as
 * budgets in that currency are charged.
 */
export function inOtherCurrencies(
  teams: readonly Pick<TeamSpend, 'days'>[],
  currency: Currency,
  pricingOn: PricingOn,
): readonly Money[] {
  const sums = new Map<Currency, Micros>();
  for (const [day, { costMicros }] of teams.flatMap(({ days }) => [...days])) {
    const pricing = pricingOn(day);
    for (const other of new Set(pricing.exchangeRates.map(({ to }) => to))) {
      const { micros = 0n } = costIn(other, { currency, micros: costMicros }, pricing) ?? {};
      if (micros > 0n) sums.set(other, (sums.get(other) ?? 0n) + micros);
    }
  }
  return [...sums].map(([other, micros]) => ({ currency: other, micros }));
}

/**
 * What several days cost in another currency, each day at its own rate; null if one of them has no rate for it.
 */
export function costOfDaysIn(
  days: readonly { readonly day: string; readonly cost: Money }[],
  other: Currency,
  pricingOn: PricingOn,
): Micros | null {
  let sum = 0n;
  for (const { day, cost } of days) {
    const converted = cost.currency === other ? cost : costIn(other, cost, pricingOn(day));
    if (converted === null) return null;
    sum += converted.micros;
  }
  return sum;
}
