import { Temporal } from 'temporal-polyfill';

/** How long something is kept, by the calendar: 13 months are not a fixed number of days. */
export type RetentionPeriod = Temporal.Duration;

/** How a retention period is written. */
export const RETENTION_PERIOD_EXAMPLES = '"400 days", "6 weeks", "13 months" or "2 years"';

/** @returns null for a text that is not one; the shortest is one day */
export function parseRetentionPeriod(text: string): RetentionPeriod | null {
  const [, count, unit] = /^([1-9]\d{0,3}) ?(day|week|month|year)s?$/.exec(text.trim()) ?? [];
  return count === undefined ? null : Temporal.Duration.from({ [`${unit}s`]: Number(count) });
}

/** The instant, in milliseconds since the epoch, from which on things are kept; days are UTC days. */
export function retentionCutoffMs(retention: RetentionPeriod, nowMs: number): number {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO('UTC');
  return now.subtract(retention).epochMilliseconds;
}
