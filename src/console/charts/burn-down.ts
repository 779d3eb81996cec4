import type { SpentHour } from '../../budget/spent-hours.ts';
import { HOUR_MS } from '../../foundation/calendar/durations.ts';
import type { Language } from '../../foundation/text/language.ts';
import { unitOf } from '../../vocabulary/budget.ts';
import type { BudgetBalance } from '../../vocabulary/spend.ts';

/** What a budget still held at an instant. */
export interface BurnDownPoint {
  readonly atMs: number;
  readonly left: bigint;
}

/** A window's use over time, in the budget's unit. */
export interface BurnDown {
  readonly balance: BudgetBalance;
  /** From the start of the window to now. */
  readonly points: readonly BurnDownPoint[];
  /** What is left when the window ends, at the current pace; null if that cannot be said yet. Below zero: overspent. */
  readonly leftAtEnd: bigint | null;
  readonly nowMs: number;
}

/** A burn-down to be drawn, as plain values. */
export interface BurnDownDrawing {
  readonly burnDown: BurnDown;
  /** Unique among the charts on the page. */
  readonly id: string;
  readonly language: Language;
}

const MAX_POINTS = 120;

/** A budget's course through its window. What queries still hold counts as spent. */
export function burnDownOf(
  balance: BudgetBalance,
  hours: readonly SpentHour[],
  projected: bigint | null,
  nowMs: number,
): BurnDown {
  const { budget, window, limit } = balance;
  const unit = unitOf(budget.limit);
  const ofBudget = hours
    .filter((hour) => hour.budget === budget.name && hour.unit === unit)
    .filter(({ hourMs }) => hourMs > window.startMs - HOUR_MS && hourMs < window.endMs)
    .toSorted((a, b) => a.hourMs - b.hourMs);
  const points: BurnDownPoint[] = [{ atMs: window.startMs, left: limit }];
  let left = limit;
  for (const { hourMs, amount } of ofBudget) {
    left -= amount;
    points.push({ atMs: Math.min(hourMs + HOUR_MS, nowMs), left });
  }
  // The figures from the budgets are exact; the hours may be some seconds older.
  points.push({ atMs: nowMs, left: limit - balance.used - balance.reserved });
  return {
    balance,
    points: thinOut(points),
    leftAtEnd: projected === null ? null : limit - projected,
    nowMs,
  };
}

function thinOut(points: readonly BurnDownPoint[]): readonly BurnDownPoint[] {
  const step = Math.ceil(points.length / MAX_POINTS);
  return points.filter((_point, i) => i % step === 0 || i === points.length - 1);
}
