import type { Selectable } from 'kysely';
import type { LedgerReader, LedgerTransaction } from '../../ledger/ledger.ts';
import type { LedgerSchema } from '../../ledger/schema.ts';
import { createInsert } from '../../ledger/statements/insert.ts';
import { createListQuery } from '../../ledger/statements/list-query.ts';

type ReservationRow = Selectable<LedgerSchema['reservations']>;
export type PartRow = Selectable<LedgerSchema['reservation_parts']>;

/** A reservation, and what it holds, or held, in each budget. */
export interface HeldReservation {
  readonly row: ReservationRow;
  readonly parts: readonly PartRow[];
}

const lockRows = createListQuery((db: LedgerTransaction, decisionIds) =>
  db
    .updateTable('reservations')
    .set((eb) => ({ state: eb.ref('state') }))
    .where('decision_id', 'in', decisionIds)
    .returningAll(),
);

const readRows = createListQuery((db: LedgerReader, decisionIds) =>
  db.selectFrom('reservations').selectAll().where('decision_id', 'in', decisionIds),
);

const readParts = createListQuery((db: LedgerReader, decisionIds) =>
  db.selectFrom('reservation_parts').selectAll().where('decision_id', 'in', decisionIds),
);

/** Reads reservations and locks them until this transaction ends. */
export async function lockReservations(
  db: LedgerTransaction,
  decisionIds: readonly string[],
): Promise<readonly HeldReservation[]> {
  if (decisionIds.length === 0) return [];
  return withParts(db, await lockRows(db, decisionIds));
}

/** Reads reservations as committed, without locking them. */
export async function readReservations(
  db: LedgerReader,
  decisionIds: readonly string[],
): Promise<readonly HeldReservation[]> {
  if (decisionIds.length === 0) return [];
  return withParts(db, await readRows(db, decisionIds));
}

async function withParts(
  db: LedgerReader,
  rows: readonly ReservationRow[],
): Promise<readonly HeldReservation[]> {
  if (rows.length === 0) return [];
  const parts = await readParts(
    db,
    rows.map(({ decision_id }) => decision_id),
  );
  const byDecision = Map.groupBy(parts, ({ decision_id }) => decision_id);
  return rows.map((row) => ({ row, parts: byDecision.get(row.decision_id) ?? [] }));
}

const writeRows = createInsert('reservations', (insert) =>
  insert.onConflict((on) =>
    on.column('decision_id').doUpdateSet((eb) => ({
      state: eb.ref('excluded.state'),
      settled_at_ms: eb.ref('excluded.settled_at_ms'),
    })),
  ),
);

const writeParts = createInsert('reservation_parts', (insert) =>
  insert.onConflict((on) =>
    on
      .columns(['decision_id', 'budget'])
      .doUpdateSet((eb) => ({ settled_amount: eb.ref('excluded.settled_amount') })),
  ),
);

/** Writes new and changed reservations. */
export async function writeReservations(
  db: LedgerTransaction,
  reservations: readonly HeldReservation[],
): Promise<void> {
  await writeRows(
    db,
    reservations.map(({ row }) => row),
  );
  await writeParts(
    db,
    reservations.flatMap(({ parts }) => parts),
  );
}
