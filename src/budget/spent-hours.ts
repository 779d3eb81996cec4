import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { HOUR_MS } from '../foundation/calendar/durations.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { TimeSpan } from '../vocabulary/time-span.ts';

/** What the queries of one hour took from a budget with a single account. */
export interface SpentHour {
  readonly budget: string;
  readonly unit: string;
  /** The beginning of the hour. */
  readonly hourMs: number;
  /** What they were charged, plus what unsettled ones hold. */
  readonly amount: bigint;
}

/**
 * What budgets with a single account were charged, by the hour in which queries were admitted. Each statement reads an hour:
 * of more at a time, PostgreSQL would rather read the parts of all reservations than look up those of these queries, and
 * each month that is kept would make that longer. SQLite answers on the calling thread: other work gets its turn between hours.
 * @throws LedgerError
 */
export async function spentHours(
  db: LedgerReader,
  { fromMs, toMs }: TimeSpan,
): Promise<readonly SpentHour[]> {
  const spent: SpentHour[] = [];
  for (let hourMs = fromMs - (fromMs % HOUR_MS); hourMs < toMs; hourMs += HOUR_MS) {
    await setImmediate();
    const within = { fromMs: Math.max(hourMs, fromMs), toMs: Math.min(hourMs + HOUR_MS, toMs) };
    for (const sum of await spentWithin(db, within)) spent.push({ ...sum, hourMs });
  }
  return spent;
}

function spentWithin(db: LedgerReader, { fromMs, toMs }: TimeSpan) {
  return (
    db
      .selectFrom('decisions')
      .innerJoin('reservation_parts as part', 'part.decision_id', 'decisions.id')
      .where('decisions.at_ms', '>=', BigInt(fromMs))
      .where('decisions.at_ms', '<', BigInt(toMs))
      .where('part.account', '=', '')
      .where('part.unit', '<>', 'at once')
      .groupBy(['part.budget', 'part.unit'])
      .select(['part.budget', 'part.unit'])
      // PostgreSQL sums 64-bit integers to a decimal.
      .select(sql<bigint>`cast(sum(coalesce(part.settled_amount, part.amount)) as bigint)`.as('amount'))
      .execute()
  );
}
