import { Temporal } from 'temporal-polyfill';
import { dayAfter, dayAt, startOfDay } from '../../foundation/calendar/days.ts';
import { DAY_MS, HOUR_MS } from '../../foundation/calendar/durations.ts';
import { type SavingRow, sumSavings, TAKEN_WITHIN_DAYS } from './saving.ts';
import type { Savings } from './savings.ts';

/** What refusals saved in the running month. */
export interface MonthSavings {
  /**
   * By team, from the start of the month that contains an instant up to that instant. Days long past are asked for only
   * once.
   * @throws LedgerError, or the signal's reason once it is aborted
   */
  soFar(query: MonthQuery): Promise<readonly SavingRow[]>;
}

interface MonthQuery {
  readonly nowMs: number;
  readonly timeZone: string;
  readonly signal?: AbortSignal;
}

/** What was saved on a day, and when that was asked. */
interface RememberedDay {
  readonly readAtMs: number;
  readonly rows: readonly SavingRow[];
}

/** Asks for the savings of one day after the other. @param report sums them up, elsewhere if that takes long */
export function createMonthSavings({ report }: Pick<Savings, 'report'>): MonthSavings {
  const remembered = new Map<string, RememberedDay>();

  async function rowsOf(day: string, { nowMs, timeZone, signal }: MonthQuery): Promise<readonly SavingRow[]> {
    const key = `${timeZone} ${day}`;
    const known = remembered.get(key);
    if (known !== undefined && isFresh(known, { day, nowMs, timeZone })) return known.rows;
    const asked = report({ by: ['team'], from: day, to: dayAfter(day), timeZone });
    const { rows } = await unlessAborted(asked, signal);
    remembered.set(key, { readAtMs: nowMs, rows });
    return rows;
  }

  return {
    async soFar(query) {
      const { nowMs, timeZone, signal } = query;
      const days = daysOfMonthSoFar(nowMs, timeZone);
      const keys = new Set(days.map((day) => `${timeZone} ${day}`));
      for (const key of remembered.keys()) if (!keys.has(key)) remembered.delete(key);
      const savings = [];
      for (const day of days) {
        signal?.throwIfAborted();
        const rows = await rowsOf(day, query);
        savings.push(...rows.map(({ keys: [team = ''], ...row }) => ({ ...row, day, team })));
      }
      return sumSavings(savings, ['team']);
    },
  };
}

/** Whoever stops does not wait for an answer. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * Today and yesterday are read again each time; days whose offers may still be taken, once an hour; and those before,
 * never again.
 */
function isFresh(
  { readAtMs }: RememberedDay,
  { day, nowMs, timeZone }: { readonly day: string; readonly nowMs: number; readonly timeZone: string },
): boolean {
  const { endMs } = dayAt(startOfDay(day, timeZone), timeZone);
  if (nowMs < endMs + DAY_MS) return false;
  return readAtMs > endMs + (TAKEN_WITHIN_DAYS + 1) * DAY_MS || nowMs < readAtMs + HOUR_MS;
}

function daysOfMonthSoFar(nowMs: number, timeZone: string): readonly string[] {
  const today = Temporal.PlainDate.from(dayAt(nowMs, timeZone).day);
  return Array.from({ length: today.day }, (_none, i) => today.with({ day: i + 1 }).toString());
}
