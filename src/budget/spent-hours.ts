import { sql } from 'kysely';
import { DAY_MS, HOUR_MS } from '../foundation/calendar/durations.ts';
import type { LedgerReader } from '../ledger/ledger.ts';

/**
 * The longest time that one statement reads, in a process that guards no queries: others get their turn between two.
 * PostgreSQL may read the parts of all reservations for each.
 */
const STEP_MS = 7 * DAY_MS;

/** What the queries of one hour took from a budget with a single account. */
export interface SpentHour {
  readonly budget: string;
  readonly unit: string;
  /** The beginning of the hour. */
  readonly hourMs: number;
  /** What they were charged, plus what unsettled ones hold. */
  readonly amount: bigint;
}

/** What budgets with a single account were charged, by the hour in which queries were admitted. @throws LedgerError */
export async function spentHours(
  db: LedgerReader,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<readonly SpentHour[]> {
  const spent: SpentHour[] = [];
  for (let from = fromMs - (fromMs % HOUR_MS); from < toMs; from += STEP_MS) {
    spent.push(...(await spentWithin(db, Math.max(from, fromMs), Math.min(from + STEP_MS, toMs))));
  }
  return spent;
}

async function spentWithin(db: LedgerReader, fromMs: number, toMs: number): Promise<readonly SpentHour[]> {
  const hour = sql<bigint>`(decisions.at_ms / ${sql.lit(HOUR_MS)})`;
  const rows = await db
    .selectFrom('decisions')
    .innerJoin('reservation_parts as part', 'part.decision_id', 'decisions.id')
    .where('decisions.at_ms', '>=', BigInt(fromMs))
    .where('decisions.at_ms', '<', BigInt(toMs))
    .where('part.account', '=', '')
    .where('part.unit', '<>', 'at once')
    .groupBy(['part.budget', 'part.unit', hour])
    .select((eb) => [
      'part.budget',
      'part.unit',
      hour.as('hour'),
      // PostgreSQL sums 64-bit integers to a decimal.
      sql<bigint>`cast(sum(${eb.fn.coalesce('part.settled_amount', 'part.amount')}) as bigint)`.as('amount'),
    ])
    .execute();
  return rows.map(({ budget, unit, hour: number, amount }) => ({
    budget,
    unit,
    hourMs: Number(number) * HOUR_MS,
    amount,
  }));
}
