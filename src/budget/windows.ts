import { Temporal } from 'temporal-polyfill';
import type { BudgetWindow } from '../vocabulary/policy.ts';
import type { WindowSpan } from '../vocabulary/spend.ts';

/**
 * The window of a budget that holds an instant, in the budget's own zone. Days are calendar days: 23 or 25 hours
 * long where clocks change, and starting at the first moment there is where midnight does not exist.
 * @throws RangeError where the zone is unknown, which a policy that loads rules out
 */
export function windowAt(window: BudgetWindow, timeZone: string, atMs: number): WindowSpan {
  const date = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate();
  const first = window === 'day' ? date : date.with({ day: 1 });
  const own = spanFrom(first, window, timeZone);
  // Where clocks go back across midnight, the last of the evening comes twice, the second time after the new window
  // has begun: that time is the new window's, since a window that has ended stays ended.
  return atMs < own.endMs ? own : spanFrom(nextAfter(first, window), window, timeZone);
}

function spanFrom(first: Temporal.PlainDate, window: BudgetWindow, timeZone: string): WindowSpan {
  const date = first.toString();
  return {
    key: window === 'day' ? date : date.slice(0, 'YYYY-MM'.length),
    startMs: first.toZonedDateTime(timeZone).epochMilliseconds,
    endMs: nextAfter(first, window).toZonedDateTime(timeZone).epochMilliseconds,
  };
}

function nextAfter(first: Temporal.PlainDate, window: BudgetWindow): Temporal.PlainDate {
  return first.add(window === 'day' ? { days: 1 } : { months: 1 });
}
