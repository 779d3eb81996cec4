import { storable } from '../ledger/storable.ts';
import { type Budget, unitOf } from '../vocabulary/budget.ts';
import type { Micros } from '../vocabulary/money.ts';
import { convertCurrency, type Pricing } from '../vocabulary/pricing.ts';
import type { Spend } from '../vocabulary/spend.ts';
import { BudgetError } from './errors.ts';

/**
 * The budget currency's micros for one unit of the pricing currency; null if the budget does not count money, or counts
 * in the pricing currency itself.
 * @throws BudgetError if the pricing has no such rate
 */
export function exchangeMicrosOf(
  { name, limit }: Budget,
  pricing: Pick<Pricing, 'currency' | 'exchangeRates'>,
): Micros | null {
  const unit = unitOf(limit);
  if (limit.measure !== 'money' || unit === pricing.currency) return null;
  const rate = pricing.exchangeRates.find(({ to }) => to === unit);
  if (rate !== undefined) return rate.microsPerUnit;
  throw new BudgetError(
    'no exchange rate',
    `Budget ${name} counts ${unit}, and the pricing has no rate from ${pricing.currency} to it.`,
    `Add one to the pricing, or give the budget a limit in ${pricing.currency} or in bytes.`,
  );
}

/**
 * What a spend takes from a budget while its query runs, in the budget's unit.
 * @throws LedgerError if the amount is below zero or more than the ledger can hold
 */
export function amountOf(spend: Spend, unit: string, exchangeMicros: Micros | null): bigint {
  switch (unit) {
    case 'bytes':
      return storable(spend.bytesBilled, 'The count of bytes billed');
    case 'slot-ms':
      return storable(spend.slotMs, 'The count of slot-milliseconds');
    case 'queries':
    case 'at once':
      return spend.queries;
    default:
      return moneyOf(spend, unit, exchangeMicros);
  }
}

/** The same once the query has ended: it no longer takes a place. */
export function settledAmountOf(spend: Spend, unit: string, exchangeMicros: Micros | null): bigint {
  return unit === 'at once' ? 0n : amountOf(spend, unit, exchangeMicros);
}

function moneyOf({ cost }: Spend, unit: string, exchangeMicros: Micros | null): bigint {
  const micros = storable(cost.micros, `The cost in micros of ${cost.currency}`);
  if (exchangeMicros === null) return micros;
  return storable(convertCurrency(micros, exchangeMicros), `The cost in micros of ${unit}`);
}
