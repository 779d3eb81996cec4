import type { Language } from '../vocabulary/policy.ts';

/** An instant as people of a time zone read it, to the minute, with the zone's name. */
export function formatInstant(atMs: number, timeZone: string, language: Language): string {
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
    timeZone,
  });
  return `${format.format(atMs)} (${timeZone})`;
}
