export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** What every day of UTC lasts. In other zones, days may last 23 or 25 hours: those are told by `dayAt`. */
export const DAY_MS = 24 * HOUR_MS;
