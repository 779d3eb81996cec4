import { rollingHours } from '../vocabulary/budget.ts';
import type { BudgetBalance } from '../vocabulary/spend.ts';
import type { Notice } from './notice.ts';

/**
 * Where a window's spend will end at the current pace. Only for calendar windows of which a tenth has passed: before
 * that, one large query says nothing about the rest of a month, and a rolling window has no end to reach.
 */
export function forecastOf(
  { budget, window, limit, used }: Pick<BudgetBalance, 'budget' | 'window' | 'limit' | 'used'>,
  nowMs: number,
): Notice['forecast'] {
  const lengthMs = window.endMs - window.startMs;
  const passedMs = nowMs - window.startMs;
  const over = passedMs >= lengthMs || used >= limit;
  if (over || rollingHours(budget.window) !== null || passedMs * 10 < lengthMs) return null;
  const projected = (used * BigInt(lengthMs)) / BigInt(passedMs);
  if (projected < limit) return { projected, usedUpAtMs: null };
  return { projected, usedUpAtMs: window.startMs + Number((BigInt(passedMs) * limit) / used) };
}
