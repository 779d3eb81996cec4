import type { ExpressionBuilder } from 'kysely';
import { type CalendarDay, dayAt } from '../../foundation/calendar/days.ts';
import type { Ledger, LedgerReader, LedgerTransaction } from '../../ledger/ledger.ts';
import type { LedgerSchema } from '../../ledger/schema.ts';
import { slicesOf } from '../../ledger/statements/slices.ts';
import type { Outcome } from '../../vocabulary/decision.ts';
import { enterPruning } from './prune-journal.ts';
import { AT_ONCE, OPEN, oldestAtMs, pruneLeftovers } from './prune-leftovers.ts';
import { rollUpQueries } from './roll-up.ts';

/** What a pruning did, or would do. */
export interface PruneResult {
  readonly days: number;
  readonly decisions: number;
  readonly settlements: number;
  /** The day that waits, and all after it, because one of its reservations is still open; null if none waits. */
  readonly waitsFor: string | null;
}

interface PruneOptions {
  readonly beforeMs: number;
  readonly nowMs: number;
  readonly dryRun?: boolean;
  /** IANA name: under whose dates sums are kept. UTC by default. */
  readonly timeZone?: string;
  readonly onStep?: (what: string) => void | Promise<void>;
}

/** As they were asked for, with what is left out filled in. */
type Pruning = PruneOptions & Required<Pick<PruneOptions, 'timeZone'>>;

/** The time zone of the days that are deleted, whatever the dates of their sums. */
const ZONE = 'UTC';

/**
 * Deletes decisions made before an instant, in whole days, oldest first, and keeps their sums by day. Each step is a
 * transaction that sums up and deletes the same queries, so pruning can stop at any moment and continue later, and
 * several processes can share the work. What was entered after that instant stays, however old its date.
 * @param asked.onStep awaited after each step; gets the day, or what else was deleted
 * @param asked.dryRun true to count only
 * @throws LedgerError; whatever `onStep` throws, which ends the pruning
 */
export async function pruneRecords(ledger: Ledger, asked: PruneOptions): Promise<PruneResult> {
  const options: Pruning = { timeZone: 'UTC', ...asked };
  let pruned: PruneResult = { days: 0, decisions: 0, settlements: 0, waitsFor: null };
  for (let fromMs = 0; pruned.waitsFor === null; ) {
    const oldest = await oldestAtMs(ledger.read, fromMs);
    const day = oldest === null ? null : dayAt(oldest, ZONE);
    if (day === null || day.endMs > options.beforeMs) break;
    fromMs = day.endMs;
    const counts = await countRecords(ledger.read, day, options);
    if (counts.decisions === 0) continue;
    const waits =
      (await hasOpenReservations(ledger.read, day.endMs)) ||
      (options.dryRun !== true && !(await pruneDay(ledger, day, counts, options)));
    pruned = waits
      ? { ...pruned, waitsFor: day.day }
      : {
          ...pruned,
          days: pruned.days + 1,
          decisions: pruned.decisions + counts.decisions,
          settlements: pruned.settlements + counts.settlements,
        };
  }
  if (options.dryRun !== true)
    await pruneLeftovers(ledger, { ...options, onStep: () => options.onStep?.('what goes with them') });
  return pruned;
}

/** @returns false if the rest of the day waits for a query that was opened meanwhile */
async function pruneDay(
  ledger: Ledger,
  day: CalendarDay,
  counts: Pick<PruneResult, 'decisions' | 'settlements'>,
  options: Pruning,
): Promise<boolean> {
  const { nowMs, onStep } = options;
  await ledger.write((db) => enterPruning(db, { atMs: nowMs, beforeMs: day.endMs, ...counts }));
  for (;;) {
    const remaining = await ledger.write((db) => pruneBatch(db, day, options));
    if (remaining !== 'more') return remaining === 'nothing';
    await onStep?.(day.day);
  }
}

async function hasOpenReservations(db: LedgerReader, beforeMs: number): Promise<boolean> {
  const open = await db
    .selectFrom('reservations')
    .select('decision_id')
    .where('state', '=', OPEN)
    .where('created_at_ms', '<', BigInt(beforeMs))
    .limit(1)
    .executeTakeFirst();
  return open !== undefined;
}

async function countRecords(db: LedgerReader, { startMs, endMs }: CalendarDay, options: Pruning) {
  const counts = { decisions: 0, settlements: 0 };
  for await (const { fromMs, toMs } of slicesOf(db, 'decisions', { fromMs: startMs, toMs: endMs })) {
    const row = await db
      .selectFrom('decisions')
      .leftJoin('settlements', 'settlements.decision_id', 'decisions.id')
      .select((eb) => [
        eb.fn.count<bigint>('decisions.id').distinct().as('decisions'),
        eb.fn.count<bigint>('settlements.decision_id').as('settlements'),
      ])
      .where('decisions.at_ms', '>=', fromMs)
      .where('decisions.at_ms', '<', toMs)
      .where(wasEntered(options))
      .executeTakeFirstOrThrow();
    counts.decisions += Number(row.decisions);
    counts.settlements += Number(row.settlements);
  }
  return counts;
}

/** @returns what is left of the day, as far as this step knows */
async function pruneBatch(
  db: LedgerTransaction,
  { startMs, endMs }: CalendarDay,
  options: Pruning,
): Promise<'more' | 'nothing' | 'open'> {
  const rows = await db
    .selectFrom('decisions')
    .select('id')
    .where('at_ms', '>=', BigInt(startMs))
    .where('at_ms', '<', BigInt(endMs))
    .where(wasEntered(options))
    .orderBy('at_ms')
    .orderBy('id')
    .limit(AT_ONCE)
    .execute();
  if (rows.length === 0) return 'nothing';
  const done = await rollUpQueries(
    db,
    rows.map(({ id }) => id),
    options.timeZone,
  );
  return done ? 'more' : 'open';
}

const UNGUARDED: Outcome = 'unguarded';

/**
 * Whether a decision was entered before the instant, as its date says. One that was made under a clock far behind has an
 * old date and is new: without it, a reconciliation would take its job for an unguarded one, and count it again. Seals
 * never go back, so they tell when it was entered; but not if they are dated ahead, by a clock that was. The date of an
 * unguarded job is the warehouse's.
 */
function wasEntered({ beforeMs, nowMs }: Pick<PruneOptions, 'beforeMs' | 'nowMs'>) {
  return (eb: ExpressionBuilder<LedgerSchema, 'decisions'>) => {
    const enteredSince = eb
      .selectFrom('journal')
      .leftJoin('seals', 'seals.seal', 'journal.seal')
      .select('journal.id')
      .where('journal.kind', '=', 'decision')
      .whereRef('journal.id', '=', 'decisions.id')
      .where((entry) =>
        entry.or([
          entry('journal.seal', 'is', null),
          entry.and([
            entry('seals.at_ms', '>=', BigInt(beforeMs)),
            entry('seals.at_ms', '<=', BigInt(nowMs)),
          ]),
        ]),
      );
    return eb.or([eb('decisions.outcome', '=', UNGUARDED), eb.not(eb.exists(enteredSince))]);
  };
}
