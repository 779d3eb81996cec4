import type { BudgetBalance } from '../../vocabulary/spend.ts';

/**
 * Budgets whose course through a window can be drawn: those with one account and a calendar window longer than an hour.
 */
export function hasChart({ budget }: BudgetBalance): boolean {
  return (
    budget.per === null && (budget.window === 'day' || budget.window === 'week' || budget.window === 'month')
  );
}
