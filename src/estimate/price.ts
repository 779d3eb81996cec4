import { type Bytes, TIB } from '../vocabulary/bytes.ts';
import type { Money } from '../vocabulary/money.ts';
import type { Pricing } from '../vocabulary/pricing.ts';

/**
 * What bytes billed cost on demand in a location, in the pricing currency, rounded up to a whole micro so that
 * no sum of costs is ever below the invoice.
 * @param location as BigQuery writes it (`US`, `southamerica-east1`); case does not matter
 */
export function priceOf(bytesBilled: Bytes, location: string, pricing: Pricing): Money {
  const perTib = pricing.onDemandMicrosPerTib.get(location.toLowerCase()) ?? pricing.defaultMicrosPerTib;
  return { currency: pricing.currency, micros: (bytesBilled * perTib + TIB - 1n) / TIB };
}
