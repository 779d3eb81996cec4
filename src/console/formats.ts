import { formatDay, formatInstant } from '../foundation/calendar/instant.ts';
import { formatCount, shortName } from '../foundation/pages/formats.ts';
import type { Language } from '../foundation/text/language.ts';
import { formatAmountOf } from '../vocabulary/budget.ts';
import { formatBytes } from '../vocabulary/bytes.ts';
import { formatMoney, type Money } from '../vocabulary/money.ts';
import type { BudgetBalance } from '../vocabulary/spend.ts';
import type { PageContext } from './page.ts';

/** How amounts and instants are written on a page. */
export interface Formatter {
  money(money: Money): string;
  bytes(bytes: bigint): string;
  count(value: number): string;
  /** In the unit of the budget's limit. */
  amount(balance: BudgetBalance, amount: bigint): string;
  instant(atMs: number): string;
  /** @param date `2026-11-24` */
  day(date: string): string;
  /** The time of day, with the day if that is another one, and the year likewise. */
  moment(atMs: number): string;
  milliseconds(ms: number): string;
  name(text: string, longest?: number): string;
}

/** Formats for a page: in its language and time zone. */
export function formatterFor({
  language,
  timeZone,
  nowMs,
}: Pick<PageContext, 'language' | 'timeZone' | 'nowMs'>): Formatter {
  const { time, dayOfYear, day, year } = dateFormatsFor(language, timeZone);
  const milliseconds = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return {
    money: (money) => formatMoney(money, language),
    bytes: (bytes) => formatBytes(bytes, language),
    count: (value) => formatCount(value, language),
    amount: ({ budget }, amount) => formatAmountOf(budget.limit, amount, language),
    instant: (atMs) => formatInstant(atMs, timeZone, language),
    day: (date) => formatDay(date, language),
    moment(atMs) {
      if (day.format(atMs) === day.format(nowMs)) return time.format(atMs);
      const date = year.format(atMs) === year.format(nowMs) ? dayOfYear : day;
      return `${date.format(atMs)}, ${time.format(atMs)}`;
    },
    milliseconds: (ms) => `${milliseconds.format(ms)} ms`,
    name: shortName,
  };
}

type DateFormats = ReturnType<typeof makeDateFormats>;

/** Making them takes half a millisecond, and a list needs them for each of its rows. */
const made = new Map<string, DateFormats>();

function dateFormatsFor(language: Language, timeZone: string): DateFormats {
  const key = `${language} ${timeZone}`;
  const formats = made.get(key) ?? makeDateFormats(language, timeZone);
  made.set(key, formats);
  return formats;
}

function makeDateFormats(language: Language, timeZone: string) {
  return {
    time: new Intl.DateTimeFormat(language, {
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZone,
    }),
    dayOfYear: new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone }),
    day: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone }),
    year: new Intl.DateTimeFormat(language, { year: 'numeric', timeZone }),
  };
}
