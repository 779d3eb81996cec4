import { z } from 'zod';
import { parseSlotTime, SLOT_TIME_EXPECTED, SLOT_TIME_PATTERN } from './amounts.ts';
import { bytes, currency, date, parsed, price, project } from './schema-parts.ts';

function pricesPer(unit: string) {
  const expected = `a mapping of "default" and BigQuery locations to prices per ${unit}`;
  return z
    .record(z.string(), price, expected)
    .refine((prices) => 'default' in prices, `${expected}, "default" among them`)
    .meta({ required: ['default'] });
}

const PROJECTS = 'a list of at least one project';

/** A query that is assumed to need nothing would pass however little a budget still holds. */
function positiveSlotTimeOrNull(text: string): bigint | null {
  const slotMs = parseSlotTime(text);
  return slotMs === 0n ? null : slotMs;
}

export const pricingSchema = z.strictObject({
  currency: currency.describe('The currency of the prices, such as USD.'),
  on_demand_per_tib: pricesPer('TiB').describe(
    'Price per TiB billed, by BigQuery location; "default" for the others.',
  ),
  free_tier: bytes.optional().describe('Bytes billed that are free each month, such as 1 TiB.'),
  editions: z
    .strictObject({
      projects: z
        .array(project, PROJECTS)
        .min(1, PROJECTS)
        .describe('Projects on reserved slots; patterns such as "etl-*" are allowed.'),
      per_slot_hour: pricesPer('slot-hour').describe(
        'Price per slot-hour, by BigQuery location; "default" for the others.',
      ),
      unknown_query: parsed(
        `${SLOT_TIME_EXPECTED}, more than none`,
        positiveSlotTimeOrNull,
        SLOT_TIME_PATTERN,
      )
        .optional()
        .describe('Slot time assumed for a query without history; default: 0.1 slot-hours.'),
    })
    .optional()
    .describe('Projects that pay for slot time.'),
  exchange_rates: z
    .array(
      z.strictObject({
        to: currency.describe('The currency that one unit of the pricing currency buys.'),
        rate: price.describe('How much of it one unit buys.'),
        as_of: date.describe('The first day of this rate, such as 2026-11-01.'),
      }),
      'a list of exchange rates',
    )
    .optional()
    .describe('What one unit of the pricing currency buys; the newest rate that has begun applies.'),
});

export type PricingEntry = z.infer<typeof pricingSchema>;
