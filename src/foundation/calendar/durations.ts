export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** The length of every UTC day. In other zones, a day may have 23 or 25 hours: use `dayAt` for those. */
export const DAY_MS = 24 * HOUR_MS;
