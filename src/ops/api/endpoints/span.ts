import { z } from 'zod';
import { isSinceYearOne, startOfDay } from '../../../foundation/calendar/days.ts';
import { DAY_MS } from '../../../foundation/calendar/durations.ts';
import type { TimeSpan } from '../../../vocabulary/time-span.ts';
import { Failed } from './endpoint.ts';

const YEARS = 'years are 0001 to 9999';

/** A day, as written. */
export const day = z.iso.date().refine(isSinceYearOne, YEARS);

/** An instant or a day, as written; `startOf` says when it begins. */
export const moment = z
  .union(
    [z.iso.datetime({ offset: true }), z.iso.date()],
    'an instant such as 2026-11-30T18:00:00-03:00, or a day such as 2026-11-30',
  )
  .refine(isSinceYearOne, YEARS);

export const limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(1000)
  .default(50)
  .describe('maximum number of entries, the newest first');

/** From when to when; the last 30 days by default. */
export const spanKeys = {
  from: moment.optional().describe('start, an instant or a day; default: 30 days before to'),
  to: moment.optional().describe('end, an instant or a day, exclusive; default: now'),
};

/** The two ends of a span, and the time zone in which its days begin, UTC by default. */
interface SpanParameters {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly time_zone?: string | undefined;
}

/** When a moment begins, in milliseconds since the epoch. @param timeZone where days begin */
export function startOf(text: string, timeZone = 'UTC'): number {
  return z.iso.date().safeParse(text).success ? startOfDay(text, timeZone) : Date.parse(text);
}

/** The requested span, in milliseconds since the epoch. */
export function spanOf({ from, to, time_zone: zone }: SpanParameters, nowMs: number): TimeSpan | Failed {
  const toMs = to === undefined ? nowMs + 1 : startOf(to, zone);
  const fromMs = from === undefined ? toMs - 30 * DAY_MS : startOf(from, zone);
  return fromMs < toMs ? { fromMs, toMs } : new Failed(400, 'from is before to, which is now by default');
}
