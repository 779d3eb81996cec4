import { type Selectable, sql } from 'kysely';
import type { LedgerReader, LedgerTransaction } from '../ledger/ledger.ts';
import type { LedgerSchema, ReservationState } from '../ledger/schema.ts';
import type { Settlement } from '../vocabulary/decision.ts';
import type { Spend } from '../vocabulary/spend.ts';
import { amountOf } from './amounts.ts';
import { BudgetError } from './errors.ts';
import { addToWindow, inLockingOrder } from './standing.ts';

export interface SettleRequest {
  readonly decisionId: string;
  readonly atMs: number;
  /** What the query was billed, in the pricing currency of its admission. */
  readonly spend: Spend;
}

/** `settled`: the budgets were charged. Else nothing changed: they were already, or nothing was ever reserved. */
export type SettleOutcome = 'settled' | 'settled before' | 'never reserved';

/** A reservation that nothing has settled yet. */
export interface UnsettledReservation {
  readonly decisionId: string;
  /** When it was admitted. */
  readonly atMs: number;
  readonly expiresAtMs: number;
  /** What is reserved. */
  readonly spend: Spend;
}

type Reservation = Selectable<LedgerSchema['reservations']>;
type Part = Selectable<LedgerSchema['reservation_parts']>;

/** Written out, not bound, so that SQLite sees that the index of open reservations holds all that is asked for. */
const OPEN = sql.lit<ReservationState>('open');

/** Charges what is known; a charge that was only assumed is replaced. */
export async function settleReservation(
  db: LedgerTransaction,
  { decisionId, atMs, spend }: SettleRequest,
): Promise<SettleOutcome> {
  const reservation = await lockReservation(db, decisionId);
  if (reservation === undefined) return 'never reserved';
  if (reservation.state === 'settled') return 'settled before';
  if (spend.cost.currency !== reservation.currency) {
    throw new BudgetError(
      'wrong currency',
      `Decision ${decisionId} was reserved in ${reservation.currency}, and settles in ${spend.cost.currency}.`,
      'Settle a query by the pricing that it was admitted with.',
    );
  }
  await charge(db, decisionId, (part) => amountOf(spend, part.unit, part.exchange_micros));
  await close(db, decisionId, 'settled', atMs);
  return 'settled';
}

/** Charges nothing. */
export async function releaseReservation(
  db: LedgerTransaction,
  decisionId: string,
  atMs: number,
): Promise<SettleOutcome> {
  const reservation = await lockReservation(db, decisionId);
  if (reservation === undefined) return 'never reserved';
  if (reservation.state === 'settled') return 'settled before';
  await charge(db, decisionId, () => 0n);
  await close(db, decisionId, 'settled', atMs);
  return 'settled';
}

/** Charges every open reservation that has expired with all that it holds. */
export async function assumeExpired(db: LedgerTransaction, nowMs: number): Promise<readonly Settlement[]> {
  const expired = await selectOpen(db).where('expires_at_ms', '<=', BigInt(nowMs)).execute();
  for (const { decision_id } of expired) {
    await charge(db, decision_id, (part) => part.amount);
    await close(db, decision_id, 'assumed', nowMs);
  }
  return expired.map((reservation) => assumedSettlement(unsettledFrom(reservation), nowMs));
}

/** Open reservations, oldest first. */
export async function unsettledReservations(
  db: LedgerReader,
  admittedBeforeMs: number | null,
): Promise<readonly UnsettledReservation[]> {
  const open = selectOpen(db);
  const found = admittedBeforeMs === null ? open : open.where('created_at_ms', '<', BigInt(admittedBeforeMs));
  return (await found.orderBy('created_at_ms').orderBy('decision_id').execute()).map(unsettledFrom);
}

function selectOpen(db: LedgerReader) {
  return db.selectFrom('reservations').selectAll().where('state', '=', OPEN);
}

/** Keeps every other transaction from settling it until this one ends. */
async function lockReservation(db: LedgerTransaction, decisionId: string): Promise<Reservation | undefined> {
  return db
    .updateTable('reservations')
    .set((eb) => ({ state: eb.ref('state') }))
    .where('decision_id', '=', decisionId)
    .returningAll()
    .executeTakeFirst();
}

/** Moves each part from reserved to used, at what it came to; a part that was charged before is charged anew. */
async function charge(
  db: LedgerTransaction,
  decisionId: string,
  amountFor: (part: Part) => bigint,
): Promise<void> {
  const parts = await db
    .selectFrom('reservation_parts')
    .selectAll()
    .where('decision_id', '=', decisionId)
    .execute();
  for (const part of inLockingOrder(parts)) {
    const amount = amountFor(part);
    await db
      .updateTable('reservation_parts')
      .set({ settled_amount: amount })
      .where('decision_id', '=', decisionId)
      .where('budget', '=', part.budget)
      .execute();
    const change =
      part.settled_amount === null
        ? { used: amount, reserved: -part.amount }
        : { used: amount - part.settled_amount, reserved: 0n };
    await addToWindow(db, part, change);
  }
}

async function close(
  db: LedgerTransaction,
  decisionId: string,
  state: Exclude<ReservationState, 'open'>,
  atMs: number,
): Promise<void> {
  await db
    .updateTable('reservations')
    .set({ state, settled_at_ms: BigInt(atMs) })
    .where('decision_id', '=', decisionId)
    .execute();
}

function unsettledFrom(row: Reservation): UnsettledReservation {
  return {
    decisionId: row.decision_id,
    atMs: Number(row.created_at_ms),
    expiresAtMs: Number(row.expires_at_ms),
    spend: { bytesBilled: row.bytes_billed, cost: { currency: row.currency, micros: row.cost_micros } },
  };
}

function assumedSettlement({ decisionId, spend }: UnsettledReservation, atMs: number): Settlement {
  return {
    decisionId,
    atMs,
    jobId: null,
    bytesProcessed: spend.bytesBilled,
    bytesBilled: spend.bytesBilled,
    cost: spend.cost,
    cacheHit: false,
    slotMs: null,
    errorReason: null,
    source: 'assumed',
  };
}
