import { sql } from 'kysely';
import { DAY_MS } from '../../foundation/calendar/durations.ts';
import type { Ledger, LedgerReader, LedgerTransaction } from '../../ledger/ledger.ts';
import type { ReservationState } from '../../ledger/schema.ts';
import { isFirstVersion } from '../latest-version.ts';
import { deletePrunedFromJournal } from './prune-journal.ts';
import { rollUpQueries } from './roll-up.ts';

/** Few enough that whoever waits for the ledger meanwhile waits at most a few dozen milliseconds. */
export const AT_ONCE = 100;

/** A copy is one row. */
const COPIES_AT_ONCE = 500;

/** A month, the longest window of a budget: a notice that was deleted sooner would be sent again in the same window. */
const MAX_WINDOW_MS = 31n * BigInt(DAY_MS);

/** A literal, not a bound parameter, so that SQLite sees that the index of open reservations covers the query. */
export const OPEN = sql.lit<ReservationState>('open');

/**
 * Deletes what belongs to pruned days: settlements without a decision, copies of spend, journal rows, past windows, and
 * the notices about them.
 * @param onStep awaited after each transaction
 */
export async function pruneLeftovers(
  ledger: Ledger,
  {
    nowMs,
    timeZone,
    onStep,
  }: {
    readonly nowMs: number;
    readonly timeZone: string;
    readonly onStep: () => void | Promise<void>;
  },
): Promise<void> {
  const beforeMs = await finishedBeforeMs(ledger.read);
  if (beforeMs === 0n) return;
  const repeatUntilDone = async (work: (db: LedgerTransaction) => Promise<boolean>) => {
    while (await ledger.write(work)) await onStep();
  };
  await repeatUntilDone((db) => pruneUnrecorded(db, beforeMs, timeZone));
  await repeatUntilDone((db) => deleteCopies(db, beforeMs));
  for (let seal: bigint | null = 0n; seal !== null; ) {
    const afterSeal: bigint = seal;
    seal = await ledger.write((db) =>
      deletePrunedFromJournal(db, { afterSeal, beforeMs, nowMs: BigInt(nowMs) }),
    );
    await onStep();
  }
  await ledger.write((db) => db.deleteFrom('budget_windows').where('ends_at_ms', '<=', beforeMs).execute());
  await repeatUntilDone((db) => deleteNotices(db, beforeMs - MAX_WINDOW_MS));
}

/**
 * Deletes settlements whose decisions were never recorded, by when they were first settled.
 * @returns false if none is left
 */
async function pruneUnrecorded(db: LedgerTransaction, beforeMs: bigint, timeZone: string): Promise<boolean> {
  const rows = await db
    .selectFrom('settlements')
    .leftJoin('decisions', 'decisions.id', 'settlements.decision_id')
    .leftJoin('reservations', 'reservations.decision_id', 'settlements.decision_id')
    .select('settlements.decision_id')
    .where('settlements.at_ms', '<', beforeMs)
    .where('decisions.id', 'is', null)
    .where((eb) => eb.or([eb('reservations.state', 'is', null), eb('reservations.state', '<>', OPEN)]))
    .where(isFirstVersion)
    .limit(AT_ONCE)
    .execute();
  if (rows.length === 0) return false;
  return rollUpQueries(
    db,
    rows.map(({ decision_id }) => decision_id),
    timeZone,
  );
}

/**
 * Deletes the copies of what pruned queries came to, if they were made while the queries were deleted.
 * @returns false if none is left
 */
async function deleteCopies(db: LedgerTransaction, beforeMs: bigint): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('query_spend')
    .where((eb) =>
      eb(
        eb.refTuple('at_ms', 'decision_id'),
        'in',
        db
          .selectFrom('query_spend')
          .select(['at_ms', 'decision_id'])
          .where('at_ms', '<', beforeMs)
          .orderBy('at_ms')
          .limit(COPIES_AT_ONCE)
          .$asTuple('at_ms', 'decision_id'),
      ),
    )
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/**
 * Deletes sent notices once their window must be over.
 * @returns false if none is left
 */
async function deleteNotices(db: LedgerTransaction, beforeMs: bigint): Promise<boolean> {
  const rows = await db
    .selectFrom('notices')
    .select('id')
    .where('at_ms', '<', beforeMs)
    .where('told_at_ms', 'is not', null)
    .orderBy('at_ms')
    .limit(AT_ONCE)
    .execute();
  if (rows.length === 0) return false;
  const ids = rows.map(({ id }) => id);
  await db.deleteFrom('notice_deliveries').where('notice_id', 'in', ids).execute();
  await db.deleteFrom('notices').where('id', 'in', ids).execute();
  return true;
}

/** While a pruning is interrupted or waiting, the rest of its day is still needed. */
async function finishedBeforeMs(db: LedgerReader): Promise<bigint> {
  const oldest = await oldestAtMs(db, 0);
  const prunings = db.selectFrom('prunings').select((eb) => eb.fn.max('before_ms').as('before_ms'));
  const finished = oldest === null ? prunings : prunings.where('before_ms', '<=', BigInt(oldest));
  return (await finished.executeTakeFirstOrThrow()).before_ms ?? 0n;
}

/** The time of the first decision in the books at or after an instant. */
export async function oldestAtMs(db: LedgerReader, fromMs: number): Promise<number | null> {
  const row = await db
    .selectFrom('decisions')
    .select('at_ms')
    .where('at_ms', '>=', BigInt(fromMs))
    .orderBy('at_ms')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : Number(row.at_ms);
}
