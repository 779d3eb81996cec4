import { Temporal } from 'temporal-polyfill';
import { HOUR_MS } from '../foundation/calendar/durations.ts';
import { type BudgetWindow, isRolling, rollingHours } from '../vocabulary/budget.ts';
import type { WindowSpan } from '../vocabulary/spend.ts';

/** A rolling window is kept in this many parts, plus one: what is older than its hours leaves it a part at a time. */
const ROLLING_PARTS = 60;

/** The only window of budgets of queries at once: this moment. */
const NOW: WindowSpan = { key: 'now', startMs: 0, endMs: Number.MAX_SAFE_INTEGER };

/**
 * The window of a budget that contains an instant, in the budget's own time zone. Windows follow each other without
 * gaps. Days are calendar days, 23 or 25 hours long when clocks change, and start at their first moment if midnight
 * does not exist; an hour cut short by a clock change is a window of its own. For a rolling window, the key is that of
 * the part that contains the instant, and the span reaches back by its hours.
 * @throws RangeError if the zone is unknown, which cannot happen with a policy that loads
 */
export function windowAt(window: BudgetWindow, timeZone: string, atMs: number): WindowSpan {
  if (window === 'now') return NOW;
  if (isRolling(window)) return rollingAt(rollingHours(window), atMs);
  const key = `${window} ${timeZone}`;
  const before = latest.get(key);
  if (before !== undefined && before.startMs <= atMs && atMs < before.endMs) return before;
  const found = calendarWindowAt(window, timeZone, atMs);
  latest.set(key, found);
  return found;
}

function calendarWindowAt(window: 'hour' | DateWindow, timeZone: string, atMs: number): WindowSpan {
  return window === 'hour' ? hourAt(timeZone, atMs) : datesAt(window, timeZone, atMs);
}

/** The last window found for each kind and zone: nearly every query falls into it. */
const latest = new Map<string, WindowSpan>();

/**
 * The keys of the parts that a rolling window counts, both ends included; null for every other window. Parts that begin
 * later count too, since clocks of replicas differ, but not those of a clock that was further ahead than the window is
 * long: what it admitted would count until its time comes round again.
 */
export function rollingKeys(window: BudgetWindow, atMs: number): { from: string; to: string } | null {
  if (!isRolling(window)) return null;
  const hours = rollingHours(window);
  const part = Math.floor(atMs / partMs(hours));
  return { from: partKey(hours, part - ROLLING_PARTS), to: partKey(hours, part + ROLLING_PARTS) };
}

/** The key under which all parts of a rolling window are locked together; null for a part of any other window. */
export function rollingHeadOf(key: string): string | null {
  const [head = '', part] = key.split('/');
  return part === undefined ? null : head;
}

/** When a part of a rolling window no longer counts. */
export function rollingPartEndMs(key: string): number {
  const hours = Number.parseInt(key.slice('rolling-'.length), 10);
  return Date.parse(key.slice(key.indexOf('/') + 1)) + (ROLLING_PARTS + 1) * partMs(hours);
}

function rollingAt(hours: number, atMs: number): WindowSpan {
  const part = Math.floor(atMs / partMs(hours));
  return {
    key: partKey(hours, part),
    startMs: (part - ROLLING_PARTS) * partMs(hours),
    endMs: (part + 1) * partMs(hours),
  };
}

function partMs(hours: number): number {
  return (hours * HOUR_MS) / ROLLING_PARTS;
}

function rollingHead(hours: number): string {
  return `rolling-${hours}h`;
}

function partKey(hours: number, part: number): string {
  return `${rollingHead(hours)}/${new Date(part * partMs(hours)).toISOString()}`;
}

/** From one full hour on the clock to the next, cut off when clocks change. */
function hourAt(timeZone: string, atMs: number): WindowSpan {
  const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
  const start = hourStart(at);
  const next = start.add({ minutes: 60 - start.minute }).subtract({ seconds: start.second });
  const change = start.getTimeZoneTransition('next');
  const end = change !== null && Temporal.ZonedDateTime.compare(change, next) < 0 ? change : next;
  return {
    key: start.toString({ timeZoneName: 'never', smallestUnit: 'minute' }),
    startMs: start.epochMilliseconds,
    endMs: end.epochMilliseconds,
  };
}

/** The last full hour on the clock, or the last clock change if that was later. */
function hourStart(at: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  const sinceHour = { minutes: at.minute, seconds: at.second, milliseconds: at.millisecond };
  const start = at.subtract(sinceHour);
  const change = at.add({ nanoseconds: 1 }).getTimeZoneTransition('previous');
  return change !== null && Temporal.ZonedDateTime.compare(change, start) > 0 ? change : start;
}

type DateWindow = 'day' | 'week' | 'month';

function datesAt(window: DateWindow, timeZone: string, atMs: number): WindowSpan {
  const date = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const first = firstDate(window, date);
  const own = spanFrom(first, window, timeZone);
  // If clocks go back across midnight, the end of the evening comes twice, the second time after the new window has
  // begun. That time belongs to the new window, since a window that has ended stays ended.
  return atMs < own.endMs ? own : spanFrom(nextAfter(first, window), window, timeZone);
}

/** Weeks begin on Monday, as in ISO 8601. */
function firstDate(window: DateWindow, date: Temporal.PlainDate): Temporal.PlainDate {
  if (window === 'month') return date.with({ day: 1 });
  return window === 'week' ? date.subtract({ days: date.dayOfWeek - 1 }) : date;
}

function spanFrom(first: Temporal.PlainDate, window: DateWindow, timeZone: string): WindowSpan {
  return {
    key: dateKey(first, window),
    startMs: first.toZonedDateTime(timeZone).epochMilliseconds,
    endMs: nextAfter(first, window).toZonedDateTime(timeZone).epochMilliseconds,
  };
}

function dateKey(first: Temporal.PlainDate, window: DateWindow): string {
  if (window === 'month') return first.toString().slice(0, 'YYYY-MM'.length);
  if (window === 'day') return first.toString();
  return `${first.yearOfWeek}-W${String(first.weekOfYear).padStart(2, '0')}`;
}

function nextAfter(first: Temporal.PlainDate, window: DateWindow): Temporal.PlainDate {
  const spans = { day: { days: 1 }, week: { days: 7 }, month: { months: 1 } } as const;
  return first.add(spans[window]);
}
