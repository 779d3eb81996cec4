import { MAX_AMOUNT } from '../vocabulary/max-amount.ts';
import { LedgerError } from './errors.ts';

/**
 * An amount that the ledger can hold, as it is.
 * @param what what the amount is, for the error
 * @throws LedgerError of kind `amount out of range` for one below zero or above `MAX_AMOUNT`
 */
export function storable(amount: bigint, what: string): bigint {
  if (amount >= 0n && amount <= MAX_AMOUNT) return amount;
  throw new LedgerError(
    'amount out of range',
    `${what} is ${amount}, which the ledger cannot hold.`,
    `Amounts go from 0 to ${MAX_AMOUNT}: check the prices and exchange rates that it was computed with.`,
  );
}
