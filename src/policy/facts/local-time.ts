import { Temporal } from 'temporal-polyfill';

/** The clock and calendar of a time zone at an instant. */
export interface LocalTime {
  readonly hour: number;
  /** 1 for Monday to 7 for Sunday. */
  readonly weekday: number;
  /** `2026-11-25` */
  readonly date: string;
}

/** Today's time zones differ by whole minutes, so none of this changes within one. */
const MS_PER_MINUTE = 60_000;

/** The last minute that was asked for in each zone: nearly every query falls into it. */
const latest = new Map<string, { readonly minute: number; readonly time: LocalTime }>();

/** @throws RangeError if the zone is unknown, which cannot happen with a policy that loads */
export function localTime(atMs: number, timeZone: string): LocalTime {
  const minute = Math.floor(atMs / MS_PER_MINUTE);
  const cached = latest.get(timeZone);
  if (cached?.minute === minute) return cached.time;
  const now = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
  const time = { hour: now.hour, weekday: now.dayOfWeek, date: now.toPlainDate().toString() };
  latest.set(timeZone, { minute, time });
  return time;
}
