import type { ReservationState } from '../../ledger/schema.ts';
import type { Spend } from '../../vocabulary/spend.ts';
import type { AccountKey } from '../accounts.ts';
import { settledAmountOf } from '../amounts.ts';
import { BudgetError } from '../errors.ts';
import type { HeldReservation, PartRow } from './held.ts';
import type { Change, LockedAccounts } from './locked-accounts.ts';

/**
 * Charges accounts with what a query came to, in the windows that admitted it, even if that is more than was reserved. It
 * uses the exchange rates of admission, kept with the reservation: with today's, a query billed exactly what it
 * reserved could still exceed the limit under which it was admitted. Replaces what was charged before.
 * @returns the reservation to be written
 * @throws BudgetError if the spend is not in the currency of admission; LedgerError if a sum is out of range
 */
export function settleOn(
  accounts: LockedAccounts,
  held: HeldReservation,
  { spend, atMs, state }: { spend: Spend; atMs: number; state: Exclude<ReservationState, 'open'> },
): HeldReservation {
  const { row } = held;
  if (spend.cost.currency !== row.currency) {
    throw new BudgetError(
      'wrong currency',
      `Decision ${row.decision_id} was reserved in ${row.currency}, and settles in ${spend.cost.currency}.`,
      'Settle a query by the pricing that it was admitted with.',
    );
  }
  const charged = charge(accounts, held.parts, ({ unit, exchange_micros }) =>
    settledAmountOf(spend, unit, exchange_micros),
  );
  return { row: { ...row, state, settled_at_ms: BigInt(atMs) }, parts: charged };
}

/** Gives back only a query's places: its process is gone, but its cost is not known yet. */
export function giveBackPlaces(accounts: LockedAccounts, held: HeldReservation): HeldReservation {
  const [places, others] = [held.parts.filter(isOpenPlace), held.parts.filter((part) => !isOpenPlace(part))];
  return { ...held, parts: [...charge(accounts, places, () => 0n), ...others] };
}

function isOpenPlace({ unit, settled_amount }: PartRow): boolean {
  return unit === 'at once' && settled_amount === null;
}

function charge(
  accounts: LockedAccounts,
  parts: readonly PartRow[],
  amountFor: (part: PartRow) => bigint,
): readonly PartRow[] {
  const charged = parts.map((part) => ({ ...part, settled_amount: amountFor(part) }));
  accounts.add(parts.map((part, i) => changeOf(part, charged[i]?.settled_amount ?? 0n)));
  return charged;
}

function changeOf(part: PartRow, amount: bigint): Change {
  const key = keyOfPart(part);
  return part.settled_amount === null
    ? { key, used: amount, reserved: -part.amount, endsAtMs: null }
    : { key, used: amount - part.settled_amount, reserved: 0n, endsAtMs: null };
}

/** The row of the account that a part was taken from. */
export function keyOfPart({ budget, account, window_key, unit }: PartRow): AccountKey {
  return { budget, account, window_key, unit };
}
