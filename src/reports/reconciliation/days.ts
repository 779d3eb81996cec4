import { Temporal } from 'temporal-polyfill';
import type { TimeSpan } from '../../vocabulary/time-span.ts';

/** All UTC offsets are whole quarters of an hour, so a day begins on one. */
const QUARTER_MS = 15 * 60_000;

/** Finds the ISO date of an instant in a time zone, looking each quarter of an hour up only once. */
export function createDayOf(timeZone: string): (atMs: number) => string {
  const known = new Map<number, string>();
  return (atMs) => {
    const quarter = Math.floor(atMs / QUARTER_MS);
    const day = known.get(quarter) ?? dateOf(quarter * QUARTER_MS, timeZone);
    known.set(quarter, day);
    return day;
  };
}

function dateOf(atMs: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/** A span cut into pieces of at most this many milliseconds. */
export function piecesOf({ fromMs, toMs }: TimeSpan, lengthMs: number): readonly TimeSpan[] {
  const pieces: TimeSpan[] = [];
  for (let start = fromMs; start < toMs; start += lengthMs) {
    pieces.push({ fromMs: start, toMs: Math.min(start + lengthMs, toMs) });
  }
  return pieces;
}
