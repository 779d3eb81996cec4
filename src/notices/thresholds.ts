import { HOUR_MS } from '../foundation/calendar/durations.ts';
import { exceededModeOf, rollingHours, unitOf } from '../vocabulary/budget.ts';
import type { BudgetBalance } from '../vocabulary/spend.ts';
import { forecastOf } from './forecast.ts';
import type { Notice } from './notice.ts';

/** A threshold that an account has reached in a window. */
export interface ReachedThreshold {
  readonly balance: BudgetBalance;
  readonly threshold: number;
  readonly windowKey: string;
  /** For a rolling window: after this long the same is reported again. Null for a calendar window. */
  readonly againAfterMs: number | null;
  /** A threshold lower than the one the account has reached: entered together with the highest, which alone is sent. */
  readonly surpassed: boolean;
}

/**
 * The thresholds that an account has reached, lowest first; a limit of 0 reaches all. Budgets of queries at once have
 * none: they fill up and empty again within seconds.
 */
export function reachedThresholds(balance: BudgetBalance, nowMs: number): readonly ReachedThreshold[] {
  const { budget, limit, used } = balance;
  if (budget.limit.measure === 'at once') return [];
  const reachedPercents = [...new Set(budget.warnAt)].filter(
    (percent) => used * 100n >= limit * BigInt(percent),
  );
  const highest = Math.max(...reachedPercents);
  const againAfterMs = rollingMs(balance);
  const windowKey = againAfterMs === null ? balance.window.key : slotKey(balance, againAfterMs, nowMs);
  return reachedPercents
    .toSorted((a, b) => a - b)
    .map((threshold) => ({
      balance,
      threshold,
      windowKey,
      againAfterMs,
      surpassed: threshold < highest,
    }));
}

/** The notice about a threshold that was reached. */
export function noticeOf(
  { balance, threshold, windowKey, againAfterMs }: ReachedThreshold,
  nowMs: number,
): Notice {
  const { budget, account, window, limit, used, reserved } = balance;
  return {
    budget: budget.name,
    account,
    per: budget.per,
    subject: budget.subject,
    whenExceeded: exceededModeOf(budget),
    window: budget.window,
    windowKey,
    windowStartMs: againAfterMs === null ? window.startMs : nowMs - againAfterMs,
    windowEndMs: againAfterMs === null ? window.endMs : nowMs,
    timeZone: budget.timeZone,
    unit: unitOf(budget.limit),
    limit,
    used,
    reserved,
    contact: budget.contact,
    threshold,
    atMs: nowMs,
    forecast: forecastOf(balance, nowMs),
  };
}

function rollingMs({ budget }: BudgetBalance): number | null {
  const hours = rollingHours(budget.window);
  return hours === null ? null : hours * HOUR_MS;
}

/** Replicas that see the same at the same time give it the same key, so that the ledger accepts it only once. */
function slotKey({ budget }: BudgetBalance, lengthMs: number, nowMs: number): string {
  return `${budget.window}@${new Date(nowMs - (nowMs % lengthMs)).toISOString()}`;
}
