import { Temporal } from 'temporal-polyfill';
import type { ClockSite } from '../vocabulary/rewrite-sites.ts';
import type { Candidate, Subject } from './candidate.ts';

/**
 * The current time as a literal, rounded down to the hour, or to the day if only the day is used. The text then stays
 * the same for that long, so that the warehouse answers repeats from its cache; null if something else keeps it from
 * doing so.
 * @see https://cloud.google.com/bigquery/docs/cached-results#cache-exceptions
 */
export function cacheableForm({ sites: { clocks }, reading, nowMs }: Subject): Candidate | null {
  const literals = clocks.flatMap((clock) => {
    const text = literalOf(clock, nowMs);
    return text === null ? [] : [{ clock, text }];
  });
  if (literals.length === 0 || literals.length < clocks.length) return null;
  const replaced = new Set(literals.map(({ clock }) => clock.span.start));
  const isStillUncacheable = reading.antiPatterns.some(
    ({ name, span }) => name === 'not-cacheable' && !replaced.has(span.start),
  );
  if (isStillUncacheable) return null;
  return {
    changes: [{ kind: 'cacheable', shows: [...new Set(literals.map(({ text }) => text))].join(', ') }],
    edits: literals.map(({ clock, text }) => ({ ...clock.span, text })),
    // Today is the same all day, but the hour is not the exact moment.
    result: clocks.every((clock) => clock.function === 'CURRENT_DATE') ? 'same' : 'changed',
  };
}

/** Null if the time zone is unknown. */
function literalOf({ function: functionName, timeZone }: ClockSite, nowMs: number): string | null {
  const hour = clockIn(timeZone ?? 'UTC', nowMs)?.round({ smallestUnit: 'hour', roundingMode: 'floor' });
  if (hour === undefined) return null;
  const date = hour.toPlainDate().toString();
  const time = hour.toPlainTime().toString();
  switch (functionName) {
    case 'CURRENT_DATE':
      return `DATE '${date}'`;
    case 'CURRENT_DATETIME':
      return `DATETIME '${date} ${time}'`;
    case 'CURRENT_TIMESTAMP':
      return `TIMESTAMP '${date} ${time}+00'`;
  }
}

function clockIn(timeZone: string, nowMs: number): Temporal.ZonedDateTime | undefined {
  try {
    return Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
  } catch {
    // The warehouse knows more time zone names than this runtime.
    return undefined;
  }
}
