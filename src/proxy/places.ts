import type { Place } from '../budget/turnstile/turnstile.ts';
import type { Coverage } from '../vocabulary/budget.ts';

/** Those of the budgets that limit queries at once. */
export function budgetsOfPlaces(coverages: readonly Coverage[]): readonly Coverage[] {
  return coverages.filter(({ budget }) => budget.limit.measure === 'at once');
}

/** A budget's account, as queues identify it. */
export function accountId({ budget, account }: Coverage): string {
  return JSON.stringify([budget.name, account]);
}

/** Where a query waits for a place in an account. */
export function placeAt(coverage: Coverage): Place {
  return { account: accountId(coverage), limit: coverage.budget.queue.length };
}
