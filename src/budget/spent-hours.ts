import { sql } from 'kysely';
import { HOUR_MS } from '../foundation/calendar/durations.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { type Slice, slicesOf } from '../ledger/statements/slices.ts';
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
 * The most decisions whose parts PostgreSQL looks up one by one. For many more it reads the parts of all reservations, which
 * takes longer with each month that is kept.
 */
const DECISIONS_AT_ONCE = 2_000;

/** What budgets with a single account were charged, by the hour in which queries were admitted. @throws LedgerError */
export async function spentHours(db: LedgerReader, span: TimeSpan): Promise<readonly SpentHour[]> {
  const spent = new Map<string, SpentHour>();
  for await (const slice of slicesOf(db, 'decisions', span, { rowsAtOnce: DECISIONS_AT_ONCE })) {
    for (const { budget, unit, hour, amount } of await spentWithin(db, slice)) {
      const hourMs = Number(hour) * HOUR_MS;
      const key = JSON.stringify([budget, unit, hourMs]);
      spent.set(key, { budget, unit, hourMs, amount: amount + (spent.get(key)?.amount ?? 0n) });
    }
  }
  return [...spent.values()];
}

function spentWithin(db: LedgerReader, { fromMs, toMs }: Slice) {
  const hour = sql<bigint>`(decisions.at_ms / ${sql.lit(HOUR_MS)})`;
  return (
    db
      .selectFrom('decisions')
      .innerJoin('reservation_parts as part', 'part.decision_id', 'decisions.id')
      .where('decisions.at_ms', '>=', fromMs)
      .where('decisions.at_ms', '<', toMs)
      .where('part.account', '=', '')
      .where('part.unit', '<>', 'at once')
      .groupBy(['part.budget', 'part.unit', hour])
      .select(['part.budget', 'part.unit', hour.as('hour')])
      // PostgreSQL sums 64-bit integers to a decimal.
      .select(sql<bigint>`cast(sum(coalesce(part.settled_amount, part.amount)) as bigint)`.as('amount'))
      .execute()
  );
}
