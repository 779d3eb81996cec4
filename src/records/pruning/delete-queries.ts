import type { Selectable } from 'kysely';
import type { LedgerTransaction } from '../../ledger/ledger.ts';
import type { LedgerSchema } from '../../ledger/schema.ts';
import { deleteCopiesOf } from '../spend/copy/copy-spend.ts';

type Row<Table extends keyof LedgerSchema> = Selectable<LedgerSchema[Table]>;

const KEYS = [
  'id',
  'at_ms',
  'project_id',
  'team',
  'principal',
  'tool',
  'person',
  'dashboard',
  'card',
  'fingerprint',
] as const;

/** What was deleted from the books. Keeping its sums is up to the caller. */
export interface DeletedQueries {
  /** The columns that spend can be asked by. */
  readonly decisions: readonly Pick<Row<'decisions'>, (typeof KEYS)[number]>[];
  readonly tables: readonly Row<'decision_tables'>[];
  /** Every version. */
  readonly settlements: readonly Row<'settlements'>[];
}

/**
 * Deletes everything that the books hold about some queries. Each row is returned to one caller only, even if others
 * delete the same queries; and whoever settles one of them meanwhile either finishes first or finds it gone.
 * @returns null if one of them is not settled yet; nothing is deleted then
 */
export async function deleteQueries(
  db: LedgerTransaction,
  ids: readonly string[],
): Promise<DeletedQueries | null> {
  if (await hasOpenReservation(db, ids)) return null;
  await deleteCopiesOf(db, ids);
  const tables = await db
    .deleteFrom('decision_tables')
    .where('decision_id', 'in', ids)
    .returningAll()
    .execute();
  const decisions = await db.deleteFrom('decisions').where('id', 'in', ids).returning(KEYS).execute();
  const recorded = new Set(decisions.map(({ id }) => id));
  await lockSettlements(
    db,
    ids.filter((id) => !recorded.has(id)),
  );
  const settlements = await db
    .deleteFrom('settlements')
    .where('decision_id', 'in', ids)
    .returningAll()
    .execute();
  for (const table of ['rewrites', 'reservation_parts', 'reservations'] as const) {
    await db.deleteFrom(table).where('decision_id', 'in', ids).execute();
  }
  return { decisions, tables, settlements };
}

/** Locks the reservations, as settling does before it reads anything. */
async function hasOpenReservation(db: LedgerTransaction, ids: readonly string[]): Promise<boolean> {
  const rows = await db
    .updateTable('reservations')
    .set((eb) => ({ state: eb.ref('state') }))
    .where('decision_id', 'in', ids)
    .returning('state')
    .execute();
  return rows.some(({ state }) => state === 'open');
}

/** Locks the rows of queries that reserved nothing, until this transaction ends. */
export async function lockRecorded(
  db: LedgerTransaction,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const decisions = await db
    .updateTable('decisions')
    .set((eb) => ({ team: eb.ref('team') }))
    .where('id', 'in', ids)
    .returning('id')
    .execute();
  await lockSettlements(db, ids);
  return new Set(decisions.map(({ id }) => id));
}

/** A separate statement: the next one sees what a previous holder of the lock added. */
async function lockSettlements(db: LedgerTransaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('settlements')
    .set((eb) => ({ source: eb.ref('source') }))
    .where('decision_id', 'in', ids)
    .execute();
}
