import type { SpentHour } from '../budget/spent-hours.ts';
import { DAY_MS } from '../foundation/calendar/durations.ts';
import { withinMs } from '../foundation/waiting/within.ts';
import type { RuleUse } from '../records/uses/rule-uses.ts';
import type { UnreadUse } from '../records/uses/unread-uses.ts';
import type { SavingsQuery, SavingsReport } from '../reports/savings/savings.ts';
import type { MonthReport } from '../reports/showback/month-report.ts';
import type { SunsetReport } from '../reports/sunset/report.ts';
import type { CatalogEntry } from '../vocabulary/table.ts';
import type { TimeSpan } from '../vocabulary/time-span.ts';
import type { BurnDownDrawing } from './charts/burn-down.ts';
import type { ColumnDrawing } from './charts/columns.ts';
import type { SpendOfTeam } from './questions.ts';
import type { ConsoleSources } from './sources.ts';
import { type CachedSum, createSumCache } from './sum-cache.ts';

/**
 * How long a page waits for a sum that was never computed, or for the next of its charts. After that it is written without
 * them and reloads itself.
 */
const WAIT_MS = 700;

/** Charts as SVG. Null: not drawn in time, as while what draws is being loaded. */
export interface Charts {
  burnDown(drawing: BurnDownDrawing): Promise<string | null>;
  columns(drawing: ColumnDrawing): Promise<string | null>;
}

/** The sums that pages show, kept while they are fresh. Null: still being computed for the first time. */
export interface Figures extends Charts {
  month(query: { readonly month: string; readonly timeZone: string }): Promise<CachedSum<MonthReport> | null>;
  /** @param fromMs the beginning of a day or the like, which is part of the cache key */
  spendByTeam(fromMs: number): Promise<CachedSum<readonly SpendOfTeam[]> | null>;
  spendByHour(fromMs: number): Promise<CachedSum<readonly SpentHour[]> | null>;
  /** @param days whole days in UTC, plus the running one */
  ruleUses(days: number): Promise<CachedSum<readonly RuleUse[]> | null>;
  unreadUses(days: number): Promise<CachedSum<readonly UnreadUse[]> | null>;
  /** By team and day. */
  savings(query: Pick<SavingsQuery, 'from' | 'to' | 'timeZone'>): Promise<CachedSum<SavingsReport> | null>;
  sunset(query: {
    readonly tables: readonly CatalogEntry[];
    readonly days: number;
  }): Promise<CachedSum<readonly SunsetReport[]> | null>;
}

/** How long a sum that was quick to compute stays fresh. */
const FRESH_MS = { live: 2_000, month: 15_000, slow: 60_000 } as const;

/** Asks for the sums that pages show, and keeps the answers. */
export function createFigures({ questions }: Pick<ConsoleSources, 'questions'>): Figures {
  const toNow = (fromMs: number): TimeSpan => ({ fromMs, toMs: Date.now() + 1 });
  const lastDays = (days: number): TimeSpan => toNow(startOfUtcDay(Date.now()) - (days - 1) * DAY_MS);
  const inTime = createTimelyDrawing();
  return {
    month: kept('month', (query) => questions.month({ ...query, nowMs: Date.now() })),
    spendByTeam: kept('live', (fromMs) => questions.spendByTeam(toNow(fromMs))),
    spendByHour: kept('month', (fromMs) => questions.spendByHour(toNow(fromMs))),
    ruleUses: kept('slow', (days) => questions.ruleUses(lastDays(days))),
    unreadUses: kept('slow', (days) => questions.unreadUses(lastDays(days))),
    savings: kept('slow', (query) => questions.savings({ ...query, by: ['team', 'day'] })),
    sunset: kept('slow', ({ tables, days }) =>
      questions.sunset({
        tables: tables.map((entry) => ({ table: entry.table, entry })),
        days,
        nowMs: Date.now(),
      }),
    ),
    burnDown: (drawing) => inTime(() => questions.burnDown(drawing)),
    columns: (drawing) => inTime(() => questions.columns(drawing)),
  };
}

/** Sums that are computed at most as often as they may be so old, and waited for no longer than a page waits. */
function kept<Argument, T>(
  freshness: keyof typeof FRESH_MS,
  compute: (argument: Argument) => Promise<T>,
): (argument: Argument) => Promise<CachedSum<T> | null> {
  const sums = createSumCache(compute, { freshMs: FRESH_MS[freshness] });
  return (argument) => sums.get(argument, WAIT_MS);
}

/**
 * Makes a function that draws, unless what was asked for before is late. A chart is late if neither it nor any other is
 * drawn while a page waits: a page may have a hundred charts, which are drawn one after another.
 */
function createTimelyDrawing(): (draw: () => Promise<string>) => Promise<string | null> {
  let drawn = 0;
  let late = 0;
  return async (draw) => {
    if (late > 0) return null;
    const drawing = draw();
    let drawnBefore: number;
    do {
      drawnBefore = drawn;
      const chart = await withinMs(drawing, WAIT_MS);
      if (chart !== null) {
        drawn += 1;
        return chart.value;
      }
    } while (drawn > drawnBefore);
    late += 1;
    const end = () => {
      late -= 1;
    };
    drawing.then(end, end);
    return null;
  };
}

function startOfUtcDay(atMs: number): number {
  return atMs - (atMs % DAY_MS);
}
