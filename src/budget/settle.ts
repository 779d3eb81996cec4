import type { ReservationState } from '../ledger/schema.ts';
import type { Spend } from '../vocabulary/spend.ts';
import type { AccountKey } from './accounts.ts';
import { settledAmountOf } from './amounts.ts';
import { BudgetError } from './errors.ts';
import type { HeldReservation, PartRow } from './held.ts';
import type { Change, Page } from './page.ts';

/**
 * Charges what a query came to on a page, in the windows that admitted it, also where that is more than was reserved.
 * The exchange rates are those of admission, kept with the reservation: with those of today, a query that is billed
 * just what it reserved could still pass the limit that it was let in under. What was charged before is replaced.
 * @returns the reservation as it is to be written
 * @throws BudgetError where the spend is not in the currency of admission; LedgerError where a sum is out of range
 */
export function settleOn(
  page: Page,
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
  const charged = charge(page, held.parts, ({ unit, exchange_micros }) =>
    settledAmountOf(spend, unit, exchange_micros),
  );
  return { row: { ...row, state, settled_at_ms: BigInt(atMs) }, parts: charged };
}

/** Gives the places of a query at once back, and nothing else: its process is gone, its cost is not known yet. */
export function giveBackPlaces(page: Page, held: HeldReservation): HeldReservation {
  const [places, others] = [held.parts.filter(isOpenPlace), held.parts.filter((part) => !isOpenPlace(part))];
  return { ...held, parts: [...charge(page, places, () => 0n), ...others] };
}

function isOpenPlace({ unit, settled_amount }: PartRow): boolean {
  return unit === 'at once' && settled_amount === null;
}

function charge(
  page: Page,
  parts: readonly PartRow[],
  amountFor: (part: PartRow) => bigint,
): readonly PartRow[] {
  const charged = parts.map((part) => ({ ...part, settled_amount: amountFor(part) }));
  page.add(parts.map((part, i) => changeOf(part, charged[i]?.settled_amount ?? 0n)));
  return charged;
}

function changeOf(part: PartRow, amount: bigint): Change {
  const key = keyOfPart(part);
  return part.settled_amount === null
    ? { key, used: amount, reserved: -part.amount, endsAtMs: null }
    : { key, used: amount - part.settled_amount, reserved: 0n, endsAtMs: null };
}

/** The row of the account that a part was taken out of. */
export function keyOfPart({ budget, account, window_key, unit }: PartRow): AccountKey {
  return { budget, account, window_key, unit };
}
