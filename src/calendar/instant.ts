import type { Language } from '../vocabulary/policy.ts';

/** An instant as people in a time zone read it, to the minute, with the zone's name. */
export function formatInstant(atMs: number, timeZone: string, language: Language): string {
  return `${instantWithoutZone(atMs, timeZone, language)} (${timeZone})`;
}

/** The same without the zone's name, where the text around it names the zone. */
export function instantWithoutZone(atMs: number, timeZone: string, language: Language): string {
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
    timeZone,
  }).format(atMs);
}

/**
 * A calendar day as people read it.
 * @param date `2026-11-24`
 */
export function formatDay(date: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(Date.parse(date));
}
