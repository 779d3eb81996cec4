import { windowAt } from '../../budget/windows.ts';
import type { Budget } from '../../vocabulary/budget.ts';

/**
 * Budgets whose course through a window can be drawn: those with one account and a calendar window longer than an hour.
 */
export function hasChart({ per, window }: Budget): boolean {
  return per === null && (window === 'day' || window === 'week' || window === 'month');
}

/**
 * Since when hours are summed up for charts: the earliest start of a window that can be drawn, or else of the day. It is
 * that of all budgets, whichever are shown, so that all pages share one sum.
 */
export function chartsFromMs(budgets: readonly Budget[], dayStartMs: number, nowMs: number): number {
  return budgets
    .filter(hasChart)
    .reduce(
      (earliestMs, { window, timeZone }) => Math.min(earliestMs, windowAt(window, timeZone, nowMs).startMs),
      dayStartMs,
    );
}
