import { z } from 'zod';
import { DAY_MS } from '../../calendar/durations.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';

/** An instant, or the beginning of a day in UTC. */
export const instant = z.union([
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  z.iso.date().transform((text) => Date.parse(`${text}T00:00:00Z`)),
]);

export const limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(1000)
  .default(50)
  .describe('so many at the most, the newest');

/** From when to when; the last 30 days where nothing is said. */
export const spanKeys = {
  from: instant.optional().describe('from this instant or day on; 30 days before to where it is left out'),
  to: instant.optional().describe('up to, and without, this instant or day; now where it is left out'),
};

/** The span that is asked for, in milliseconds since the epoch. */
export function spanOf(
  { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
  nowMs: number,
): TimeSpan {
  const toMs = to ?? nowMs + 1;
  return { fromMs: from ?? toMs - 30 * DAY_MS, toMs };
}
