import type { LedgerReader } from '../../ledger/ledger.ts';
import type { Micros } from '../../vocabulary/money.ts';
import { type NeedsSpan, type RefusedNeed, refusedNeeds } from './refused-needs.ts';

/** Refused queries in one currency. */
export interface RefusedQueries {
  /** Of the price; null for queries refused without one. */
  readonly currency: string | null;
  /** How many times a query was refused. */
  readonly attempts: number;
  /** The same query, repeated by the same person on the same day, counts once. */
  readonly queries: number;
  /** What these would have cost, each at its lowest estimate; 0 without a price. */
  readonly costMicros: Micros;
  /** The same of each day, `2026-11-24`, since exchange rates are a day's. */
  readonly days: ReadonlyMap<string, { readonly costMicros: Micros }>;
}

/** What was refused, and what it would have cost, counting each need once, since whoever is refused tries again. */
export async function refusedQueries(db: LedgerReader, span: NeedsSpan): Promise<readonly RefusedQueries[]> {
  const sums = new Map<string | null, Sum>();
  for await (const needs of refusedNeeds(db, span)) {
    for (const need of needs) sums.set(need.currency, addNeed(sums.get(need.currency), need));
  }
  return [...sums.values()];
}

interface Sum extends RefusedQueries {
  /** Grows with each need: a copy for each would take as long as the month has days. */
  readonly days: Map<string, { readonly costMicros: Micros }>;
}

function addNeed(sum: Sum | undefined, { currency, attempts, day, costMicros }: RefusedNeed): Sum {
  const cost = costMicros ?? 0n;
  const days: Sum['days'] = sum?.days ?? new Map();
  days.set(day, { costMicros: cost + (days.get(day)?.costMicros ?? 0n) });
  return {
    currency,
    attempts: attempts + (sum?.attempts ?? 0),
    queries: 1 + (sum?.queries ?? 0),
    costMicros: cost + (sum?.costMicros ?? 0n),
    days,
  };
}
