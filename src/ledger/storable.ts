import { MAX_AMOUNT } from '../vocabulary/max-amount.ts';
import { LedgerError } from './errors.ts';

/**
 * Returns an amount unchanged if the ledger can hold it.
 * @param what what the amount is, for the error
 * @throws LedgerError of kind `amount out of range` if it is below zero or above `MAX_AMOUNT`
 */
export function storable(amount: bigint, what: string): bigint {
  if (amount >= 0n && amount <= MAX_AMOUNT) return amount;
  throw new LedgerError(
    'amount out of range',
    `${what} is ${amount}, which the ledger cannot hold.`,
    `Amounts go from 0 to ${MAX_AMOUNT}: check the prices and exchange rates that it was computed with.`,
  );
}

/**
 * A text that every ledger stores unchanged: PostgreSQL accepts neither NUL nor half a surrogate pair. Both become the
 * replacement character, so that a query that contains them is recorded and not lost.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}
