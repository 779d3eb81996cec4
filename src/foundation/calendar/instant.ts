import type { Language } from '../text/language.ts';

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
  return DAYS[language].format(Date.parse(date));
}

/** Making one takes a quarter of a millisecond, and a table needs it for each of its days. */
const DAYS: Readonly<Record<Language, Intl.DateTimeFormat>> = { en: daysIn('en'), 'pt-BR': daysIn('pt-BR') };

function daysIn(language: Language): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
}
