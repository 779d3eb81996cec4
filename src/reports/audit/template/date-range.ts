import { Temporal } from 'temporal-polyfill';

/** Whole days; either end may be open. ISO dates, `until` exclusive. */
export interface DateRange {
  readonly from: string | null;
  readonly until: string | null;
}

type Unit = 'days' | 'weeks' | 'months' | 'quarters' | 'years';

const UNITS: Readonly<Record<string, Unit>> = {
  day: 'days',
  week: 'weeks',
  month: 'months',
  quarter: 'quarters',
  year: 'years',
};

/** Units that are shorter than a day: what they select is read in whole days, since the warehouse prunes by days. */
const IN_A_DAY: Readonly<Record<string, number>> = { hour: 24, minute: 1_440, second: 86_400 };

const NAMED_DAYS: Readonly<Record<string, string>> = { today: 'thisday', yesterday: 'lastday' };

const UNIT = '(second|minute|hour|day|week|month|quarter|year)';
const CURRENT = new RegExp(`^(this|last)${UNIT}$`);
const RELATIVE = new RegExp(`^(past|next)(\\d{1,6})${UNIT}s(?:(~)|-from-(\\d{1,6})${UNIT}s)?$`);

/**
 * The days that a date filter's value means; null if it is not a range of days, such as `exclude-days-Mon`.
 * @param value `2026-11-01`, `2026-11`, `Q4-2026`, `2026-10-01~2026-10-31`, `~2026-10-31`, `past30days`,
 * `past3months~`, `past1weeks-from-4weeks`, `next7days`, `thismonth`, `lastquarter`
 * @param today ISO date
 * @see https://www.metabase.com/docs/latest/dashboards/filters#date-filters
 */
export function dateRangeOf(value: string, today: string): DateRange | null {
  const day = Temporal.PlainDate.from(today);
  const text = NAMED_DAYS[value] ?? value;
  const current = CURRENT.exec(text);
  if (current !== null) {
    const [, which, word = ''] = current;
    const count = which === 'this' ? 0 : -1;
    return unitsAround({ first: day, last: day }, word, [count, count]);
  }
  const relative = RELATIVE.exec(text);
  if (relative !== null) return relativeRange(day, relative);
  return text.includes('~') ? absoluteRange(text) : periodOf(text);
}

function absoluteRange(text: string): DateRange | null {
  const [first = '', last = ''] = text.split('~');
  const from = first === '' ? null : periodOf(first);
  const until = last === '' ? null : periodOf(last);
  if ((first !== '' && from === null) || (last !== '' && until === null)) return null;
  return { from: from?.from ?? null, until: until?.until ?? null };
}

/** The last days up to and including today. */
export function lastDays(days: number, today: string): DateRange {
  const day = Temporal.PlainDate.from(today);
  return range(day.subtract({ days: days - 1 }), day.add({ days: 1 }));
}

/** Whole units before or after the current one, which belongs to them if the value ends in `~`. */
function relativeRange(day: Temporal.PlainDate, parts: RegExpExecArray): DateRange | null {
  const [, which, count = '', word = '', tilde, offset = '0', offsetWord = 'day'] = parts;
  const sign = which === 'past' ? -1 : 1;
  const nearest = tilde === undefined ? sign : 0;
  const farthest = sign * Number(count);
  try {
    const days = spanOf({ first: day, last: day }, offsetWord, [
      sign * Number(offset),
      sign * Number(offset),
    ]);
    return unitsAround(days, word, sign === -1 ? [farthest, nearest] : [nearest, farthest]);
  } catch {
    // Beyond the years that a date can have.
    return null;
  }
}

/** The first and the last day that may be meant: the time of day is not known. */
interface Days {
  readonly first: Temporal.PlainDate;
  readonly last: Temporal.PlainDate;
}

/** From the first to the last of some units, both included, counted from the one that contains a day. */
function unitsAround(days: Days, word: string, counts: readonly [number, number]): DateRange {
  const unit = UNITS[word] ?? 'days';
  const { first, last } = spanOf(days, word, counts);
  return range(startOf(first, unit), addUnits(startOf(last, unit), 1, unit));
}

function spanOf({ first, last }: Days, word: string, [from, to]: readonly [number, number]): Days {
  const unit = UNITS[word];
  if (unit !== undefined) return { first: addUnits(first, from, unit), last: addUnits(last, to, unit) };
  const inADay = IN_A_DAY[word] ?? 1;
  return {
    first: first.add({ days: Math.floor(from / inADay) }),
    last: last.add({ days: Math.ceil(to / inADay) }),
  };
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
