import { type CalendarDay, dayAt } from '../foundation/calendar/days.ts';
import { matchesGlob } from '../foundation/text/glob.ts';
import { inForceFirst } from '../vocabulary/exchange.ts';
import type { Micros } from '../vocabulary/money.ts';
import { type EditionsPricing, MS_PER_HOUR, type Prices, type Pricing } from '../vocabulary/pricing.ts';
import type { PricingEntry } from './document/pricing-schema.ts';

/** The default for a query that was never seen before: a tenth of a slot-hour. */
export const DEFAULT_UNKNOWN_SLOT_MS = MS_PER_HOUR / 10n;

/**
 * The pricing at an instant: for each currency, the first rate in the list is the one in force.
 * @param timeZone that of reports' days: they convert whole days, so that a rate may not begin within one
 */
export function createPricing(entry: PricingEntry, timeZone: string): (atMs: number) => Pricing {
  const base = {
    currency: entry.currency,
    onDemandMicrosPerTib: pricesFrom(entry.on_demand_per_tib),
    editions: editionsFrom(entry.editions),
    freeBytesPerMonth: entry.free_tier ?? 0n,
  };
  const rates = (entry.exchange_rates ?? []).map(({ to, rate, as_of }) => ({
    to,
    microsPerUnit: rate,
    asOf: as_of,
  }));
  let cached: { readonly day: CalendarDay; readonly pricing: Pricing } | null = null;
  return (atMs) => {
    if (cached === null || atMs < cached.day.startMs || atMs >= cached.day.endMs) {
      const day = dayAt(atMs, timeZone);
      cached = { day, pricing: { ...base, exchangeRates: inForceFirst(rates, day.day) } };
    }
    return cached.pricing;
  };
}

function pricesFrom({ default: otherwise = 0n, ...locations }: Readonly<Record<string, Micros>>): Prices {
  const byLocation = Object.entries(locations).map(([name, price]) => [name.toLowerCase(), price] as const);
  return { byLocation: new Map(byLocation), otherwise };
}

function editionsFrom(entry: PricingEntry['editions']): EditionsPricing | null {
  if (entry === undefined) return null;
  return {
    covers: (projectId) => entry.projects.some((pattern) => matchesGlob(projectId, pattern)),
    microsPerSlotHour: pricesFrom(entry.per_slot_hour),
    unknownSlotMs: entry.unknown_query ?? DEFAULT_UNKNOWN_SLOT_MS,
  };
}
