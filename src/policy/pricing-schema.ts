import { z } from 'zod';
import { parseSlotTime, SLOT_TIME_EXPECTED } from './amounts.ts';
import { bytes, currency, date, parsed, price, project } from './schema-parts.ts';

function pricesPer(unit: string) {
  const expected = `a mapping of "default" and BigQuery locations to prices per ${unit}`;
  return z
    .record(z.string(), price, expected)
    .refine((prices) => 'default' in prices, `${expected}, "default" among them`);
}

const PROJECTS = 'a list of at least one project';

/** A query that is taken to need nothing would pass whatever a budget still holds. */
function someSlotTimeOrNull(text: string): bigint | null {
  const slotMs = parseSlotTime(text);
  return slotMs === 0n ? null : slotMs;
}

export const pricingSchema = z.strictObject({
  currency,
  on_demand_per_tib: pricesPer('TiB'),
  free_tier: bytes.optional(),
  editions: z
    .strictObject({
      projects: z.array(project, PROJECTS).min(1, PROJECTS),
      per_slot_hour: pricesPer('slot-hour'),
      unknown_query: parsed(`${SLOT_TIME_EXPECTED}, more than none`, someSlotTimeOrNull).optional(),
    })
    .optional(),
  exchange_rates: z
    .array(z.strictObject({ to: currency, rate: price, as_of: date }), 'a list of exchange rates')
    .optional(),
});

export type PricingEntry = z.infer<typeof pricingSchema>;
