import type { Ledger, LedgerReader, LedgerTransaction } from '../ledger/ledger.ts';
import { dayAt } from './calendar-days.ts';
import { deletePrunedFromJournal, enterPruning, prunedBeforeMs } from './prune-journal.ts';
import { type RolledUp, rollUp, rollUpUnrecorded } from './roll-up.ts';
import { stands } from './stands.ts';

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

/**
 * Gives decisions up that were taken before an instant, whole days of them, the oldest first: what they came to is
 * kept as sums by day. Each step is a transaction that sums up and deletes the same decisions, so it can be ended at
 * any moment and begun again, and two at once do no harm.
 * @param options.onDay told of each day that is done
 * @param options.dryRun true to count only
 */
export async function pruneRecords(
  ledger: Ledger,
  options: {
    readonly beforeMs: number;
    readonly nowMs: number;
    readonly dryRun?: boolean;
    readonly onDay?: (day: string) => void;
  },
): Promise<Pruned> {
  let pruned: Pruned = { days: 0, decisions: 0, settlements: 0, waitsFor: null };
  for (let fromMs = 0; ; ) {
    const oldest = await oldestAtMs(ledger.read, fromMs);
    const day = oldest === null ? null : dayAt(oldest, ZONE);
    if (day === null || day.endMs > options.beforeMs) break;
    if (await hasOpen(ledger.read, day.endMs)) {
      pruned = { ...pruned, waitsFor: day.day };
      break;
    }
    const counts = await countIn(ledger.read, day);
    if (options.dryRun !== true) {
      await ledger.write((db) => enterPruning(db, { atMs: options.nowMs, beforeMs: day.endMs, ...counts }));
      while (await ledger.write((db) => pruneSome(db, day))) options.onDay?.(day.day);
    }
    pruned = {
      ...pruned,
      days: pruned.days + 1,
      decisions: pruned.decisions + counts.decisions,
      settlements: pruned.settlements + counts.settlements,
    };
    fromMs = day.endMs;
  }
  if (options.dryRun !== true) await deleteWhatIsOver(ledger);
  return pruned;
}

interface Day {
  readonly day: string;
  readonly startMs: number;
  readonly endMs: number;
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
    .where('state', '=', 'open')
    .where('created_at_ms', '<', BigInt(beforeMs))
    .limit(1)
    .executeTakeFirst();
  return open !== undefined;
}

async function countIn(db: LedgerReader, { startMs, endMs }: Day) {
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

/** @returns false where nothing of the day is left */
async function pruneSome(db: LedgerTransaction, { day, startMs, endMs }: Day): Promise<boolean> {
  const rows = await db
    .selectFrom('decisions')
    .select('id')
    .where('at_ms', '>=', BigInt(startMs))
    .where('at_ms', '<', BigInt(endMs))
    .orderBy('at_ms')
    .limit(DECISIONS_AT_ONCE)
    .execute();
  if (rows.length === 0) return pruneUnrecorded(db, endMs);
  const ids = rows.map(({ id }) => id);
  await enterSums(db, await rollUp(db, ids, { day, startMs }));
  for (const table of [
    'decision_tables',
    'rewrites',
    'settlements',
    'reservation_parts',
    'reservations',
  ] as const) {
    await db.deleteFrom(table).where('decision_id', 'in', ids).execute();
  }
  const { numDeletedRows } = await db.deleteFrom('decisions').where('id', 'in', ids).executeTakeFirst();
  // Another process has pruned the same meanwhile, and summed them up: once is enough.
  if (Number(numDeletedRows) !== ids.length)
    throw new Error('The same records are pruned elsewhere at this moment.');
  return true;
}

/** Settlements whose decisions were never recorded go with the day, all of their versions. */
async function pruneUnrecorded(db: LedgerTransaction, beforeMs: number): Promise<boolean> {
  const rows = await db
    .selectFrom('settlements')
    .leftJoin('decisions', 'decisions.id', 'settlements.decision_id')
    .selectAll('settlements')
    .where('decisions.id', 'is', null)
    .where('settlements.at_ms', '<', BigInt(beforeMs))
    .where(stands)
    .limit(DECISIONS_AT_ONCE)
    .execute();
  if (rows.length === 0) return false;
  await enterSums(
    db,
    rollUpUnrecorded(rows, (atMs) => dayAt(atMs, ZONE)),
  );
  const ids = rows.map(({ decision_id }) => decision_id);
  await db.deleteFrom('settlements').where('decision_id', 'in', ids).execute();
  return true;
}

async function enterSums(db: LedgerTransaction, { spend, tableSpend }: RolledUp): Promise<void> {
  if (spend.length > 0) await db.insertInto('spend_by_day').values(spend).execute();
  if (tableSpend.length > 0) await db.insertInto('table_spend_by_day').values(tableSpend).execute();
}

/** What nothing refers to any more: journal rows of what was pruned, and windows that were over by then. */
async function deleteWhatIsOver(ledger: Ledger): Promise<void> {
  const beforeMs = Number(await prunedBeforeMs(ledger.read));
  if (beforeMs === 0) return;
  while ((await ledger.write((db) => deletePrunedFromJournal(db, { afterMs: 0, beforeMs }))) > 0);
  await ledger.write((db) =>
    db.deleteFrom('budget_windows').where('ends_at_ms', '<=', BigInt(beforeMs)).execute(),
  );
}
