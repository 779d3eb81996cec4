import { Temporal } from 'temporal-polyfill';

/** Whole days; either end may be open. ISO dates, `until` exclusive. */
export interface DateRange {
  readonly from: string | null;
  readonly until: string | null;
}

type Unit = 'days' | 'weeks' | 'months' | 'quarters' | 'years';

/** Names of a period, as Metabase stores them. */
const NAMED_PERIODS: Readonly<Record<string, string>> = {
  today: 'thisday',
  yesterday: 'past1days',
  lastweek: 'past1weeks',
  lastmonth: 'past1months',
  lastyear: 'past1years',
};

/**
 * The days that a date filter's value means; null if it is not a range of days, such as `exclude-days-Mon`.
 * @param value `2026-11-01`, `2026-11`, `Q4-2026`, `2026-10-01~2026-10-31`, `~2026-10-31`, `past30days`,
 * `past3months~`, `thismonth`
 * @param today ISO date
 * @see https://www.metabase.com/docs/latest/dashboards/filters#date-filters
 */
export function dateRangeOf(value: string, today: string): DateRange | null {
  const day = Temporal.PlainDate.from(today);
  const text = NAMED_PERIODS[value] ?? value;
  const past = /^past(\d+)(day|week|month|quarter|year)s?(~?)$/.exec(text);
  if (past !== null) return pastRange(day, Number(past[1]), unitOf(past[2]), past[3] === '~');
  const current = /^this(day|week|month|quarter|year)$/.exec(text);
  if (current !== null) {
    const from = startOf(day, unitOf(current[1]));
    return range(from, addUnits(from, 1, unitOf(current[1])));
  }
  if (text.includes('~')) {
    const [first = '', last = ''] = text.split('~');
    const from = first === '' ? null : periodOf(first);
    const until = last === '' ? null : periodOf(last);
    if ((first !== '' && from === null) || (last !== '' && until === null)) return null;
    return { from: from?.from ?? null, until: until?.until ?? null };
  }
  return periodOf(text);
}

/** The last days up to and including today. */
export function lastDays(days: number, today: string): DateRange {
  const day = Temporal.PlainDate.from(today);
  return range(day.subtract({ days: days - 1 }), day.add({ days: 1 }));
}

/** Whole units before the current one; including it if the value ends in `~`. */
function pastRange(day: Temporal.PlainDate, count: number, unit: Unit, withCurrent: boolean): DateRange {
  const current = startOf(day, unit);
  return range(addUnits(current, -count, unit), withCurrent ? addUnits(current, 1, unit) : current);
}

function periodOf(text: string): DateRange | null {
  const date = /^(\d{4}-\d{2}-\d{2})(T[\d:.]+Z?)?$/.exec(text)?.[1];
  if (date !== undefined) return wholePeriod(date, 'days');
  if (/^\d{4}-\d{2}$/.test(text)) return wholePeriod(`${text}-01`, 'months');
  const quarter = /^Q([1-4])-(\d{4})$/.exec(text);
  if (quarter === null) return null;
  const month = String(Number(quarter[1]) * 3 - 2).padStart(2, '0');
  return wholePeriod(`${quarter[2]}-${month}-01`, 'quarters');
}

function wholePeriod(first: string, unit: Unit): DateRange | null {
  try {
    const from = Temporal.PlainDate.from(first);
    return range(from, addUnits(from, 1, unit));
  } catch {
    // A date that does not exist, such as 2026-02-31, is not a range.
    return null;
  }
}

function range(from: Temporal.PlainDate, until: Temporal.PlainDate): DateRange {
  return { from: from.toString(), until: until.toString() };
}

function startOf(day: Temporal.PlainDate, unit: Unit): Temporal.PlainDate {
  switch (unit) {
    case 'days':
      return day;
    case 'weeks':
      return day.subtract({ days: day.dayOfWeek % 7 });
    case 'months':
      return day.with({ day: 1 });
    case 'quarters':
      return day.with({ day: 1, month: day.month - ((day.month - 1) % 3) });
    case 'years':
      return day.with({ day: 1, month: 1 });
  }
}

function addUnits(day: Temporal.PlainDate, count: number, unit: Unit): Temporal.PlainDate {
  return unit === 'quarters' ? day.add({ months: count * 3 }) : day.add({ [unit]: count });
}

function unitOf(word: string | undefined): Unit {
  switch (word) {
    case 'week':
      return 'weeks';
    case 'month':
      return 'months';
    case 'quarter':
      return 'quarters';
    case 'year':
      return 'years';
    default:
      return 'days';
  }
}
