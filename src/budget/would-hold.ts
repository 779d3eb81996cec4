import { unitOf } from '../vocabulary/budget.ts';
import type { Pricing } from '../vocabulary/pricing.ts';
import type { BudgetBalance, Spend } from '../vocabulary/spend.ts';
import { amountOf, exchangeMicrosOf } from './amounts.ts';
import { binds, isWaitedFor } from './reservations/reserve.ts';

/**
 * Whether budgets would have room for a spend, as they stand. Places for queries at once are ignored: they become free
 * by themselves.
 * @param rulesHeld the rules that hold for the query: some budgets refuse only for these
 * @throws BudgetError if a rate is missing; LedgerError if an amount is out of range
 */
export function wouldHold(
  balances: readonly BudgetBalance[],
  {
    spend,
    rulesHeld,
    pricing,
  }: {
    readonly spend: Spend;
    readonly rulesHeld: readonly string[];
    readonly pricing: Pick<Pricing, 'currency' | 'exchangeRates'>;
  },
): boolean {
  return balances
    .filter((balance) => binds(balance.budget, rulesHeld) && !isWaitedFor(balance))
    .every(({ budget, limit, used, reserved }) => {
      const amount = amountOf(spend, unitOf(budget.limit), exchangeMicrosOf(budget, pricing));
      return used + reserved + amount <= limit;
    });
}
