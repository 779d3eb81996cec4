import { sql } from 'kysely';
import type { LedgerReader, LedgerTransaction } from '../../ledger/ledger.ts';
import type { ReservationState } from '../../ledger/schema.ts';
import type { Spend } from '../../vocabulary/spend.ts';
import { isAlive } from '../replicas.ts';

/** A reservation that nothing has settled yet. */
export interface UnsettledReservation {
  readonly decisionId: string;
  /** When it was admitted. */
  readonly atMs: number;
  /** What is reserved. */
  readonly spend: Spend;
}

/** A literal, not a bound parameter, so that SQLite sees that the index of open reservations covers the query. */
const OPEN = sql.lit<ReservationState>('open');

/** Open reservations that have expired, oldest first. */
export async function expiredReservations(
  db: LedgerReader,
  nowMs: number,
  most: number,
): Promise<readonly UnsettledReservation[]> {
  const rows = await db
    .selectFrom('reservations')
    .selectAll()
    .where('state', '=', OPEN)
    .where('expires_at_ms', '<=', BigInt(nowMs))
    .orderBy('expires_at_ms')
    .orderBy('decision_id')
    .limit(most)
    .execute();
  return rows.map((row) => ({
    decisionId: row.decision_id,
    atMs: Number(row.created_at_ms),
    spend: {
      bytesBilled: row.bytes_billed,
      cost: { currency: row.currency, micros: row.cost_micros },
      slotMs: row.slot_ms,
      queries: 1n,
    },
  }));
}

/** An open reservation whose process is gone or has lost sight of its job, which can be looked up as its principal. */
export interface Orphan {
  readonly decisionId: string;
  readonly atMs: number;
  readonly projectId: string;
  /** Null if the decision names none. */
  readonly principal: string | null;
  /** True if it holds a place for queries at once. */
  readonly holdsPlace: boolean;
}

/** No process has this name, so that what is its belongs to a dead one. */
const NOBODY = '';

/** Makes an open reservation an orphan, although its process lives on. */
export async function abandonReservation(db: LedgerTransaction, decisionId: string): Promise<void> {
  await db
    .updateTable('reservations')
    .set({ replica: NOBODY })
    .where('decision_id', '=', decisionId)
    .where('state', '=', OPEN)
    .execute();
}

/** Open reservations of processes known to be dead, oldest first. */
export async function orphanedReservations(
  db: LedgerReader,
  nowMs: number,
  most: number,
  self: string,
): Promise<readonly Orphan[]> {
  const rows = await db
    .selectFrom('reservations')
    .leftJoin('replicas', 'replicas.id', 'reservations.replica')
    .innerJoin('decisions', 'decisions.id', 'reservations.decision_id')
    .select((eb) => [
      'reservations.decision_id',
      'reservations.created_at_ms',
      'decisions.project_id',
      'decisions.principal',
      eb
        .exists(
          eb
            .selectFrom('reservation_parts')
            .select('reservation_parts.decision_id')
            .whereRef('reservation_parts.decision_id', '=', 'reservations.decision_id')
            .where('reservation_parts.unit', '=', 'at once')
            .where('reservation_parts.settled_amount', 'is', null),
        )
        .as('holds_place'),
    ])
    .where('reservations.state', '=', OPEN)
    .where('reservations.replica', '<>', self)
    .where((eb) => eb.or([eb('replicas.id', 'is', null), eb.not(isAlive(nowMs))]))
    .orderBy('reservations.created_at_ms')
    .limit(most)
    .execute();
  return rows.map((row) => ({
    decisionId: row.decision_id,
    atMs: Number(row.created_at_ms),
    projectId: row.project_id,
    principal: row.principal,
    holdsPlace: Boolean(row.holds_place),
  }));
}
