import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { dayAt } from '../../foundation/calendar/days.ts';
import type { Outcome } from '../../vocabulary/decision.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';
import type { LedgerReader } from '../ledger.ts';

/** A time span that one statement reads. */
export interface Slice {
  readonly fromMs: bigint;
  /** Exclusive. */
  readonly toMs: bigint;
  /** The day that contains the whole slice; null if days are not told apart. */
  readonly day: string | null;
}

/**
 * The most rows that one statement reads, as far as their instants differ. SQLite answers on the thread that guards
 * queries, and this many rows occupy it for a few dozen milliseconds.
 */
const ROWS = 5_000;

/** A literal, not a bound parameter, so that SQLite sees that the index of refusals covers the query. */
export const REFUSED = sql.lit<Outcome>('refused');

/** What is read in slices; refusals are decisions that refused. */
export type SliceSource = 'decisions' | 'refusals' | 'settlements' | 'query_spend';

export interface Slicing {
  /** Slices also end with each day of this time zone; null if days are not told apart. */
  readonly timeZone?: string | null;
  /** As `ROWS`, for statements that take longer for each row. */
  readonly rowsAtOnce?: number;
}

/** Cuts a time span into slices of few rows, so that no statement takes long. Other work gets its turn between slices. */
export async function* slicesOf(
  db: LedgerReader,
  source: SliceSource,
  { fromMs, toMs }: TimeSpan,
  { timeZone = null, rowsAtOnce = ROWS }: Slicing = {},
): AsyncGenerator<Slice> {
  const end = BigInt(toMs);
  for (let from = BigInt(fromMs); from < end; ) {
    await setImmediate();
    const first = await instantAfter(db, source, { from, end }, 0);
    if (first === null) return;
    const day = timeZone === null ? null : dayAt(Number(first), timeZone);
    const last = day === null || BigInt(day.endMs) > end ? end : BigInt(day.endMs);
    const next = (await instantAfter(db, source, { from: first, end: last }, rowsAtOnce)) ?? last;
    // Rows of the same millisecond are not separated.
    const to = next > first ? next : first + 1n;
    yield { fromMs: first, toMs: to, day: day?.day ?? null };
    from = to;
  }
}

/** The time of the row that comes this many rows after the first. */
async function instantAfter(
  db: LedgerReader,
  source: SliceSource,
  { from, end }: { readonly from: bigint; readonly end: bigint },
  rows: number,
): Promise<bigint | null> {
  const row = await rowsOf(db, source)
    .select('at_ms')
    .where('at_ms', '>=', from)
    .where('at_ms', '<', end)
    .orderBy('at_ms')
    .limit(1)
    .offset(rows)
    .executeTakeFirst();
  return row?.at_ms ?? null;
}

function rowsOf(db: LedgerReader, source: SliceSource) {
  if (source !== 'refusals') return db.selectFrom(source);
  return db.selectFrom('decisions').where('outcome', '=', REFUSED);
}
