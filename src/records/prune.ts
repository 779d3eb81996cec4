import { sql } from 'kysely';
import type { Ledger, LedgerReader, LedgerTransaction } from '../ledger/ledger.ts';
import type { ReservationState } from '../ledger/schema.ts';
import { type CalendarDay, dayAt } from './calendar-days.ts';
import { giveUp } from './give-up.ts';
import { deletePrunedFromJournal, enterPruning } from './prune-journal.ts';
import { rollUp } from './roll-up.ts';

/** What a pruning did, or would do. */
export interface Pruned {
  readonly days: number;
  readonly decisions: number;
  readonly settlements: number;
  /** The day that waits, and all behind it, since a reservation of it is open still; null where none does. */
  readonly waitsFor: string | null;
}

/** So few that whoever waits for the ledger meanwhile waits for some milliseconds. */
const DECISIONS_AT_ONCE = 500;

/** Where the days of roll-ups begin. */
const ZONE = 'UTC';

/** Written out, not bound, so that SQLite sees that the index of open reservations holds all that is asked for. */
const OPEN = sql.lit<ReservationState>('open');

/**
 * Gives decisions up that were taken before an instant, whole days of them, the oldest first: what they came to is
 * kept as sums by day. Each step is a transaction that sums up and deletes the same queries, so it can be ended at
 * any moment and begun again, and several at once share the work.
 * @param options.onStep told of the day after each step, and waited for
 * @param options.dryRun true to count only
 * @throws LedgerError; whatever `onStep` throws, which ends the pruning
 */
export async function pruneRecords(
  ledger: Ledger,
  options: {
    readonly beforeMs: number;
    readonly nowMs: number;
    readonly dryRun?: boolean;
    readonly onStep?: (day: string) => void | Promise<void>;
  },
): Promise<Pruned> {
  let pruned: Pruned = { days: 0, decisions: 0, settlements: 0, waitsFor: null };
  for (let fromMs = 0; pruned.waitsFor === null; ) {
    const oldest = await oldestAtMs(ledger.read, fromMs);
    const day = oldest === null ? null : dayAt(oldest, ZONE);
    if (day === null || day.endMs > options.beforeMs) break;
    const counts = await countIn(ledger.read, day);
    const waits =
      (await hasOpen(ledger.read, day.endMs)) ||
      (options.dryRun !== true && !(await pruneDay(ledger, day, counts, options)));
    pruned = waits
      ? { ...pruned, waitsFor: day.day }
      : {
          ...pruned,
          days: pruned.days + 1,
          decisions: pruned.decisions + counts.decisions,
          settlements: pruned.settlements + counts.settlements,
        };
    fromMs = day.endMs;
  }
  if (options.dryRun !== true) await giveUpTheRest(ledger);
  return pruned;
}

/** @returns false where the rest of the day waits for a query that came to be open meanwhile */
async function pruneDay(
  ledger: Ledger,
  day: CalendarDay,
  counts: Pick<Pruned, 'decisions' | 'settlements'>,
  { nowMs, onStep }: { readonly nowMs: number; readonly onStep?: (day: string) => void | Promise<void> },
): Promise<boolean> {
  await ledger.write((db) => enterPruning(db, { atMs: nowMs, beforeMs: day.endMs, ...counts }));
  for (;;) {
    const left = await ledger.write((db) => pruneSome(db, day));
    if (left !== 'more') return left === 'nothing';
    await onStep?.(day.day);
  }
}

async function oldestAtMs(db: LedgerReader, fromMs: number): Promise<number | null> {
  const row = await db
    .selectFrom('decisions')
    .select('at_ms')
    .where('at_ms', '>=', BigInt(fromMs))
    .orderBy('at_ms')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : Number(row.at_ms);
}

async function hasOpen(db: LedgerReader, beforeMs: number): Promise<boolean> {
  const open = await db
    .selectFrom('reservations')
    .select('decision_id')
    .where('state', '=', OPEN)
    .where('created_at_ms', '<', BigInt(beforeMs))
    .limit(1)
    .executeTakeFirst();
  return open !== undefined;
}

async function countIn(db: LedgerReader, { startMs, endMs }: CalendarDay) {
  const { decisions } = await db
    .selectFrom('decisions')
    .select((eb) => eb.fn.countAll<bigint>().as('decisions'))
    .where('at_ms', '>=', BigInt(startMs))
    .where('at_ms', '<', BigInt(endMs))
    .executeTakeFirstOrThrow();
  const { settlements } = await db
    .selectFrom('decisions')
    .innerJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .select((eb) => eb.fn.countAll<bigint>().as('settlements'))
    .where('decisions.at_ms', '>=', BigInt(startMs))
    .where('decisions.at_ms', '<', BigInt(endMs))
    .executeTakeFirstOrThrow();
  return { decisions: Number(decisions), settlements: Number(settlements) };
}

/** @returns what is left of the day, as far as this step knows */
async function pruneSome(
  db: LedgerTransaction,
  { startMs, endMs }: CalendarDay,
): Promise<'more' | 'nothing' | 'open'> {
  const rows = await db
    .selectFrom('decisions')
    .select('id')
    .where('at_ms', '>=', BigInt(startMs))
    .where('at_ms', '<', BigInt(endMs))
    .orderBy('at_ms')
    .orderBy('id')
    .limit(DECISIONS_AT_ONCE)
    .execute();
  if (rows.length === 0) return 'nothing';
  const done = await sumUpAndGiveUp(
    db,
    rows.map(({ id }) => id),
  );
  return done ? 'more' : 'open';
}

/**
 * Settlements whose decisions were never recorded, by when they were first settled.
 * @returns false where none is left
 */
async function pruneUnrecorded(db: LedgerTransaction, beforeMs: bigint): Promise<boolean> {
  const rows = await db
    .selectFrom('settlements')
    .leftJoin('decisions', 'decisions.id', 'settlements.decision_id')
    .leftJoin('reservations', 'reservations.decision_id', 'settlements.decision_id')
    .select('settlements.decision_id')
    .distinct()
    .where('settlements.at_ms', '<', beforeMs)
    .where('decisions.id', 'is', null)
    .where((eb) => eb.or([eb('reservations.state', 'is', null), eb('reservations.state', '<>', OPEN)]))
    .limit(DECISIONS_AT_ONCE)
    .execute();
  if (rows.length === 0) return false;
  return sumUpAndGiveUp(
    db,
    rows.map(({ decision_id }) => decision_id),
  );
}

/** @returns false, and nothing happened, where one of them is not settled yet */
async function sumUpAndGiveUp(db: LedgerTransaction, ids: readonly string[]): Promise<boolean> {
  const givenUp = await giveUp(db, ids);
  if (givenUp === null) return false;
  const { spend, tableSpend } = rollUp(givenUp);
  if (spend.length > 0) await db.insertInto('spend_by_day').values(spend).execute();
  if (tableSpend.length > 0) await db.insertInto('table_spend_by_day').values(tableSpend).execute();
  return true;
}

/** What goes with days that are given up wholly. */
async function giveUpTheRest(ledger: Ledger): Promise<void> {
  const beforeMs = await finishedBeforeMs(ledger.read);
  if (beforeMs === 0n) return;
  while (await ledger.write((db) => pruneUnrecorded(db, beforeMs)));
  let afterSeal: bigint | null = 0n;
  while (afterSeal !== null) {
    const after: bigint = afterSeal;
    afterSeal = await ledger.write((db) => deletePrunedFromJournal(db, { afterSeal: after, beforeMs }));
  }
  await ledger.write((db) => db.deleteFrom('budget_windows').where('ends_at_ms', '<=', beforeMs).execute());
}

/** Where a pruning was interrupted, or waits, what is left of its day is needed still. */
async function finishedBeforeMs(db: LedgerReader): Promise<bigint> {
  const oldest = await oldestAtMs(db, 0);
  const prunings = db.selectFrom('prunings').select((eb) => eb.fn.max('before_ms').as('before_ms'));
  const finished = oldest === null ? prunings : prunings.where('before_ms', '<=', BigInt(oldest));
  return (await finished.executeTakeFirstOrThrow()).before_ms ?? 0n;
}
