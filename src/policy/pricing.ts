import { Temporal } from 'temporal-polyfill';
import type { ExchangeRate, Pricing } from '../vocabulary/pricing.ts';
import type { PricingEntry } from './schema.ts';

/**
 * The pricing at an instant: for each currency, the first rate in the list is the one that holds.
 * @param timeZone where the day of a rate begins
 */
export function createPricing(entry: PricingEntry, timeZone: string): (atMs: number) => Pricing {
  const { default: fallback = 0n, ...locations } = entry.on_demand_per_tib;
  const base = {
    currency: entry.currency,
    onDemandMicrosPerTib: new Map(
      Object.entries(locations).map(([location, price]) => [location.toLowerCase(), price]),
    ),
    defaultMicrosPerTib: fallback,
  };
  const rates = (entry.exchange_rates ?? []).map(({ to, rate, as_of }) => ({
    to,
    microsPerUnit: rate,
    asOf: as_of,
  }));
  let known: { readonly day: string; readonly pricing: Pricing } | null = null;
  return (atMs) => {
    const now = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
    const day = now.toPlainDate().toString();
    if (known?.day !== day) known = { day, pricing: { ...base, exchangeRates: inForceFirst(rates, day) } };
    return known.pricing;
  };
}

/** Newest first among those in force. Those of later days follow, the next first: it holds where none is in force. */
function inForceFirst(rates: readonly ExchangeRate[], day: string): readonly ExchangeRate[] {
  const inForce = rates.filter(({ asOf }) => asOf <= day).sort((a, b) => (a.asOf < b.asOf ? 1 : -1));
  const later = rates.filter(({ asOf }) => asOf > day).sort((a, b) => (a.asOf > b.asOf ? 1 : -1));
  return [...inForce, ...later];
}
