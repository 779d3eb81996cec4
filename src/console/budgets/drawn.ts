import type { BudgetBalance } from '../../vocabulary/spend.ts';

/** Budgets whose way through a window can be drawn: one account, and a window of the calendar longer than an hour. */
export function isDrawn({ budget }: BudgetBalance): boolean {
  return (
    budget.per === null && (budget.window === 'day' || budget.window === 'week' || budget.window === 'month')
  );
}
