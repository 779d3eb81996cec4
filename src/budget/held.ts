import type { Selectable } from 'kysely';
import { storable } from '../ledger/amount.ts';
import type { LedgerReader, LedgerTransaction } from '../ledger/ledger.ts';
import type { LedgerSchema } from '../ledger/schema.ts';
import type { Claim, ReserveRequest } from './reserve.ts';

export type ReservationRow = Selectable<LedgerSchema['reservations']>;
export type PartRow = Selectable<LedgerSchema['reservation_parts']>;

/** A reservation and what it holds, or held, of each budget. */
export interface HeldReservation {
  readonly row: ReservationRow;
  readonly parts: readonly PartRow[];
}

/** Reads reservations and keeps every other transaction from changing them until this one ends. */
export async function lockReservations(
  db: LedgerTransaction,
  decisionIds: readonly string[],
): Promise<readonly HeldReservation[]> {
  if (decisionIds.length === 0) return [];
  const rows = await db
    .updateTable('reservations')
    .set((eb) => ({ state: eb.ref('state') }))
    .where('decision_id', 'in', [...decisionIds])
    .returningAll()
    .execute();
  return withParts(db, rows);
}

/** Reads reservations as they were committed. */
export async function readReservations(
  db: LedgerReader,
  decisionIds: readonly string[],
): Promise<readonly HeldReservation[]> {
  if (decisionIds.length === 0) return [];
  const rows = await db
    .selectFrom('reservations')
    .selectAll()
    .where('decision_id', 'in', [...decisionIds])
    .execute();
  return withParts(db, rows);
}

async function withParts(
  db: LedgerReader,
  rows: readonly ReservationRow[],
): Promise<readonly HeldReservation[]> {
  if (rows.length === 0) return [];
  const parts = await db
    .selectFrom('reservation_parts')
    .selectAll()
    .where(
      'decision_id',
      'in',
      rows.map(({ decision_id }) => decision_id),
    )
    .execute();
  const byDecision = Map.groupBy(parts, ({ decision_id }) => decision_id);
  return rows.map((row) => ({ row, parts: byDecision.get(row.decision_id) ?? [] }));
}

/** A new reservation of these claims. */
export function newReservation(request: ReserveRequest, claims: readonly Claim[]): HeldReservation {
  const { decisionId, spend } = request;
  return {
    row: {
      decision_id: decisionId,
      state: 'open',
      created_at_ms: BigInt(request.atMs),
      expires_at_ms: BigInt(request.expiresAtMs),
      settled_at_ms: null,
      bytes_billed: storable(spend.bytesBilled, 'The count of bytes billed'),
      cost_micros: storable(spend.cost.micros, `The cost in micros of ${spend.cost.currency}`),
      currency: spend.cost.currency,
      replica: request.replica,
      slot_ms: storable(spend.slotMs, 'The count of slot-milliseconds'),
    },
    parts: claims.map(({ key, amount, exchangeMicros }) => ({
      decision_id: decisionId,
      ...key,
      amount,
      exchange_micros: exchangeMicros,
      settled_amount: null,
    })),
  };
}

/** Writes reservations that are new or have changed, each statement once for all of them. */
export async function writeReservations(
  db: LedgerTransaction,
  reservations: readonly HeldReservation[],
): Promise<void> {
  if (reservations.length === 0) return;
  await db
    .insertInto('reservations')
    .values(reservations.map(({ row }) => row))
    .onConflict((on) =>
      on.column('decision_id').doUpdateSet((eb) => ({
        state: eb.ref('excluded.state'),
        settled_at_ms: eb.ref('excluded.settled_at_ms'),
      })),
    )
    .execute();
  const parts = reservations.flatMap((reservation) => reservation.parts);
  if (parts.length === 0) return;
  await db
    .insertInto('reservation_parts')
    .values(parts)
    .onConflict((on) =>
      on
        .columns(['decision_id', 'budget'])
        .doUpdateSet((eb) => ({ settled_amount: eb.ref('excluded.settled_amount') })),
    )
    .execute();
}
