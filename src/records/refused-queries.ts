import { sql } from 'kysely';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { Micros } from '../vocabulary/money.ts';
import { dayAt } from './calendar-days.ts';

/** Refused queries of one currency. */
export interface RefusedQueries {
  /** Of the price; null for queries that were refused without one. */
  readonly currency: string | null;
  /** How often a query was refused. */
  readonly attempts: number;
  /** The same query, asked again by the same person on the same day, counts once. */
  readonly queries: number;
  /** What these would have cost, each at the highest of its estimates; 0 without a price. */
  readonly estimatedCostMicros: Micros;
}

/**
 * What was refused, and what it would have cost: once for each fingerprint, person and day, since whoever is refused
 * asks again. A person is known by tool, principal and what the tool calls them.
 */
export async function refusedQueries(
  db: LedgerReader,
  { fromMs, toMs, timeZone }: { readonly fromMs: number; readonly toMs: number; readonly timeZone: string },
): Promise<readonly RefusedQueries[]> {
  const sums = new Map<string | null, RefusedQueries>();
  for (let startMs = fromMs; startMs < toMs; ) {
    const endMs = Math.min(dayAt(startMs, timeZone).endMs, toMs);
    for (const day of await refusedWithin(db, startMs, endMs)) {
      const sum = sums.get(day.currency);
      sums.set(day.currency, sum === undefined ? day : added(sum, day));
    }
    startMs = endMs;
  }
  return [...sums.values()];
}

function added(a: RefusedQueries, b: RefusedQueries): RefusedQueries {
  return {
    currency: a.currency,
    attempts: a.attempts + b.attempts,
    queries: a.queries + b.queries,
    estimatedCostMicros: a.estimatedCostMicros + b.estimatedCostMicros,
  };
}

async function refusedWithin(
  db: LedgerReader,
  startMs: number,
  endMs: number,
): Promise<readonly RefusedQueries[]> {
  const once = db
    .selectFrom('decisions')
    .where('at_ms', '>=', BigInt(startMs))
    .where('at_ms', '<', BigInt(endMs))
    .where('outcome', '=', 'refused')
    .groupBy(['fingerprint', 'tool', 'principal', 'person', 'estimated_currency'])
    .select((eb) => [
      'estimated_currency as currency',
      eb.fn.countAll<bigint>().as('attempts'),
      eb.fn.max('estimated_cost_micros').as('cost_micros'),
    ]);
  const rows = await db
    .selectFrom(once.as('once'))
    .groupBy('currency')
    .select((eb) => [
      'currency',
      eb.fn.countAll<bigint>().as('queries'),
      sql<bigint>`cast(sum(${eb.ref('attempts')}) as bigint)`.as('attempts'),
      sql<bigint>`cast(coalesce(sum(${eb.ref('cost_micros')}), 0) as bigint)`.as('cost_micros'),
    ])
    .execute();
  return rows.map(({ currency, queries, attempts, cost_micros }) => ({
    currency,
    attempts: Number(attempts),
    queries: Number(queries),
    estimatedCostMicros: cost_micros,
  }));
}
