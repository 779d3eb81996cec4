import type { ItemOutcome } from '../../ledger/batch.ts';
import type { LedgerTransaction } from '../../ledger/ledger.ts';
import type { ReservationState } from '../../ledger/schema.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import type { Money } from '../../vocabulary/money.ts';
import { costOf } from '../../vocabulary/pricing.ts';
import type { SettlementPrice } from '../../vocabulary/unpriced-settlement.ts';
import { freeBytesOf, freeTierKey } from '../free-tier.ts';
import { type HeldReservation, writeReservations } from './held.ts';
import { type Change, type LockedAccounts, lockAccounts } from './locked-accounts.ts';
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
  readonly price: SettlementPrice;
  /** What the free tier paid for this query before, if it is charged again: that is given back first. */
  readonly freeBytesBefore: Bytes;
  readonly state: Exclude<ReservationState, 'open'>;
}

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
  const accounts = await lockAccounts(db, keysOf(batch, claims), claims);
  const reservations = reservationsFrom(batch.held);

  for (const decisionId of batch.placesOf ?? []) {
    const held = reservations.of(decisionId);
    if (held?.row.state === 'open') reservations.keep(giveBackPlaces(accounts, held));
  }
  const charges = batch.charges.map((charge) => chargeTo(accounts, charge, reservations));
  const reserves = attempted.map((one) =>
    one.ok ? attempt(() => reserve(accounts, one.value, reservations)) : one,
  );
  await accounts.write();
  await writeReservations(db, reservations.changed());
  return { charges, reserves };
}

/** The reservations of a batch's decisions, as they stand after what has been applied of it. */
interface Reservations {
  /** Null if the decision holds nothing. */
  of(decisionId: string): HeldReservation | null;
  /** Replaces what its decision held. */
  keep(reservation: HeldReservation): void;
  /** Those that were kept, to be written. */
  changed(): readonly HeldReservation[];
}

function reservationsFrom(held: readonly HeldReservation[]): Reservations {
  const before = new Map(held.map((reservation) => [reservation.row.decision_id, reservation]));
  const kept = new Map<string, HeldReservation>();
  return {
    of: (decisionId) => kept.get(decisionId) ?? before.get(decisionId) ?? null,
    keep: (reservation) => void kept.set(reservation.row.decision_id, reservation),
    changed: () => [...kept.values()],
  };
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
function freeBytesPerMonthOf(price: SettlementPrice): Bytes {
  return 'tariff' in price && price.tariff.model === 'on demand' ? price.freeBytesPerMonth : 0n;
}

function reserve(
  accounts: LockedAccounts,
  { request, claims }: { readonly request: ReserveRequest; readonly claims: readonly Claim[] },
  reservations: Reservations,
): ReserveOutcome {
  const held = reservations.of(request.decisionId);
  // Before anything is reserved, since an amount that the ledger cannot hold makes it fail.
  const reservation = newReservation(request, claims);
  const outcome = reserveOn(accounts, request, claims, held);
  if (outcome.reserved && held === null) reservations.keep(reservation);
  return outcome;
}

function chargeTo(accounts: LockedAccounts, charge: Charge, reservations: Reservations): ChargeOutcome {
  const { cost, freeBytes, freeTier } = priced(accounts, charge);
  const held = reservations.of(charge.decisionId);
  if (held !== null) {
    const { bytesBilled, slotMs, queries, atMs, state } = charge;
    const spend = { bytesBilled, cost, slotMs, queries };
    reservations.keep(settleOn(accounts, held, { spend, atMs, state }));
  }
  accounts.add(freeTier);
  return { cost, freeBytes };
}

/** The cost of a charge, and its share of the month's free tier. */
function priced(
  accounts: LockedAccounts,
  charge: Charge,
): { readonly cost: Money; readonly freeBytes: Bytes; readonly freeTier: readonly Change[] } {
  if (!usesFreeTier(charge)) return { cost: costAfter(charge, 0n), freeBytes: 0n, freeTier: [] };
  const { price, admittedAtMs, bytesBilled: billed, freeBytesBefore: before } = charge;
  const key = freeTierKey(admittedAtMs);
  const freeBytes = freeBytesOf(accounts.used(key), {
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
