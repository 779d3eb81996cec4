import type { ItemOutcome } from '../ledger/batch.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import type { ReservationState } from '../ledger/schema.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { Money } from '../vocabulary/money.ts';
import { costOf, type Tariff } from '../vocabulary/pricing.ts';
import { freeBytesOf, freeTierKey } from './free-tier.ts';
import { type HeldReservation, writeReservations } from './held.ts';
import { type Change, openPage, type Page } from './locked-accounts.ts';
import {
  type Claim,
  claimsOf,
  newReservation,
  type ReserveOutcome,
  type ReserveRequest,
  reserveOn,
} from './reserve.ts';
import { giveBackPlaces, keyOfPart, settleOn } from './settle.ts';

/** What a query came to, to be charged to the budgets that admitted it. */
export interface Charge {
  readonly decisionId: string;
  /** When it was admitted, which decides which month's free tier pays. */
  readonly admittedAtMs: number;
  readonly atMs: number;
  readonly bytesBilled: Bytes;
  readonly slotMs: bigint;
  /** 1, or 0 for a query that did not run. */
  readonly queries: bigint;
  /** How it is paid for, or its cost if that is known. */
  readonly price: ChargePrice;
  /** What the free tier paid for this query before, if it is charged again: that is given back first. */
  readonly freeBytesBefore: Bytes;
  readonly state: Exclude<ReservationState, 'open'>;
}

type ChargePrice =
  | { readonly known: Money }
  | {
      readonly tariff: Tariff;
      /** What the month's free tier covers of all queries; 0 if there is none. */
      readonly freeBytesPerMonth: Bytes;
    };

/** What a query came to after the free tier paid its part. */
export interface ChargeOutcome {
  readonly cost: Money;
  readonly freeBytes: Bytes;
}

/** What a batch does to the budgets, in this order: what is given back makes room for what is asked. */
export interface BudgetBatch {
  readonly charges: readonly Charge[];
  readonly reserves: readonly ReserveRequest[];
  /** What the batch's decisions hold, locked. */
  readonly held: readonly HeldReservation[];
  /** Decisions of dead processes, whose places are given back. */
  readonly placesOf?: readonly string[];
}

/**
 * Applies a batch in one transaction, in few statements, each for the whole batch or as much of it as fits.
 * @returns the outcomes, in the order of the batch; a reservation that fails leaves no trace, and the others go on
 * @throws BudgetError or LedgerError if a charge fails, LedgerError if the database does: then nothing of the batch is
 * applied
 */
export async function applyToBudgets(
  db: LedgerTransaction,
  batch: BudgetBatch,
): Promise<{
  readonly charges: readonly ChargeOutcome[];
  readonly reserves: readonly ItemOutcome<ReserveOutcome>[];
}> {
  const attempted = batch.reserves.map((request) => attempt(() => ({ request, claims: claimsOf(request) })));
  const claims = attempted.flatMap((one) => (one.ok ? one.value.claims : []));
  const held = new Map(batch.held.map((reservation) => [reservation.row.decision_id, reservation]));
  const page = await openPage(db, keysOf(batch, claims), claims);
  const changed = new Map<string, HeldReservation>();
  const keep = (reservation: HeldReservation) => {
    held.set(reservation.row.decision_id, reservation);
    changed.set(reservation.row.decision_id, reservation);
  };

  for (const decisionId of batch.placesOf ?? []) {
    const reservation = held.get(decisionId);
    if (reservation?.row.state === 'open') keep(giveBackPlaces(page, reservation));
  }
  const charges = batch.charges.map((charge) => chargeOn(page, charge, held, keep));
  const reserves = attempted.map((one) =>
    one.ok ? attempt(() => reserve(page, one.value.request, one.value.claims, held, keep)) : one,
  );
  await page.write();
  await writeReservations(db, [...changed.values()]);
  return { charges, reserves };
}

function keysOf({ charges, held }: BudgetBatch, claims: readonly Claim[]) {
  const freeTier = charges.filter(usesFreeTier).map(({ admittedAtMs }) => freeTierKey(admittedAtMs));
  const parts = held.flatMap((reservation) => reservation.parts.map(keyOfPart));
  return [...freeTier, ...parts, ...claims.map(({ key }) => key)];
}

function usesFreeTier({ price, freeBytesBefore }: Charge): boolean {
  return freeBytesBefore > 0n || freeBytesPerMonthOf(price) > 0n;
}

/** Only what is paid for by bytes can be partly free. */
function freeBytesPerMonthOf(price: ChargePrice): Bytes {
  return 'tariff' in price && price.tariff.model === 'on demand' ? price.freeBytesPerMonth : 0n;
}

function reserve(
  page: Page,
  request: ReserveRequest,
  claims: readonly Claim[],
  held: ReadonlyMap<string, HeldReservation>,
  keep: (reservation: HeldReservation) => void,
): ReserveOutcome {
  const before = held.get(request.decisionId) ?? null;
  // Before anything is reserved, since an amount that the ledger cannot hold makes it fail.
  const reservation = newReservation(request, claims);
  const outcome = reserveOn(page, request, claims, before);
  if (outcome.reserved && before === null) keep(reservation);
  return outcome;
}

function chargeOn(
  page: Page,
  charge: Charge,
  held: ReadonlyMap<string, HeldReservation>,
  keep: (reservation: HeldReservation) => void,
): ChargeOutcome {
  const { cost, freeBytes, freeTier } = priced(page, charge);
  const reservation = held.get(charge.decisionId);
  if (reservation !== undefined) {
    const { bytesBilled, slotMs, queries, atMs, state } = charge;
    keep(settleOn(page, reservation, { spend: { bytesBilled, cost, slotMs, queries }, atMs, state }));
  }
  page.add(freeTier);
  return { cost, freeBytes };
}

/** The cost of a charge, and its share of the month's free tier. */
function priced(
  page: Page,
  charge: Charge,
): { readonly cost: Money; readonly freeBytes: Bytes; readonly freeTier: readonly Change[] } {
  if (!usesFreeTier(charge)) return { cost: costAfter(charge, 0n), freeBytes: 0n, freeTier: [] };
  const { price, admittedAtMs, bytesBilled: billed, freeBytesBefore: before } = charge;
  const key = freeTierKey(admittedAtMs);
  const freeBytes = freeBytesOf(page.used(key), {
    billed,
    before,
    freeBytesPerMonth: freeBytesPerMonthOf(price),
  });
  return {
    cost: costAfter(charge, freeBytes),
    freeBytes,
    freeTier: [{ key, used: freeBytes - before, reserved: 0n, endsAtMs: null }],
  };
}

function costAfter({ price, bytesBilled, slotMs }: Charge, freeBytes: Bytes): Money {
  return 'known' in price
    ? price.known
    : costOf({ bytesBilled: bytesBilled - freeBytes, slotMs }, price.tariff);
}

function attempt<T>(work: () => T): ItemOutcome<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error };
  }
}
