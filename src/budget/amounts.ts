import { storable } from '../ledger/amount.ts';
import { MICROS_PER_UNIT, type Micros } from '../vocabulary/money.ts';
import type { Budget } from '../vocabulary/policy.ts';
import type { Pricing } from '../vocabulary/pricing.ts';
import type { Spend } from '../vocabulary/spend.ts';
import { BudgetError } from './errors.ts';

/** What a budget counts: `bytes`, or the currency whose micros it counts. */
export function unitOf(budget: Budget): string {
  return budget.limit.measure === 'bytes' ? 'bytes' : budget.limit.money.currency;
}

/** A budget's limit in its own unit. */
export function limitOf(budget: Budget): bigint {
  return budget.limit.measure === 'bytes' ? budget.limit.bytes : budget.limit.money.micros;
}

/**
 * Micros of the budget's currency for one unit of the pricing currency; null where the budget counts bytes or the
 * pricing currency itself.
 * @throws BudgetError where the pricing has no such rate
 */
export function exchangeMicrosOf(budget: Budget, pricing: Pricing): Micros | null {
  const unit = unitOf(budget);
  if (unit === 'bytes' || unit === pricing.currency) return null;
  const rate = pricing.exchangeRates.find(({ to }) => to === unit);
  if (rate !== undefined) return rate.microsPerUnit;
  throw new BudgetError(
    'no exchange rate',
    `Budget ${budget.name} counts ${unit}, and the pricing has no rate from ${pricing.currency} to it.`,
    `Add one to the pricing, or give the budget a limit in ${pricing.currency} or in bytes.`,
  );
}

/**
 * What a spend takes out of a budget, in the budget's unit. Exchange rounds up to a whole micro, so that the sum of
 * what was taken is never below the exchange of the sum, and a spend that is not above another never takes more.
 * @throws LedgerError where the amount is below zero or more than the ledger can hold
 */
export function amountOf(spend: Spend, unit: string, exchangeMicros: Micros | null): bigint {
  if (unit === 'bytes') return storable(spend.bytesBilled, 'The count of bytes billed');
  const cost = storable(spend.cost.micros, `The cost in micros of ${spend.cost.currency}`);
  if (exchangeMicros === null) return cost;
  const exchanged = (cost * exchangeMicros + MICROS_PER_UNIT - 1n) / MICROS_PER_UNIT;
  return storable(exchanged, `The cost in micros of ${unit}`);
}
