import type { Bytes } from '../../vocabulary/bytes.ts';
import type { Currency, Micros, Money } from '../../vocabulary/money.ts';

/** How many queries, and their sums. Currencies are never added up. */
export interface Tally {
  readonly queries: number;
  readonly bytes: Bytes;
  readonly micros: ReadonlyMap<Currency, Micros>;
}

export const EMPTY_TALLY: Tally = { queries: 0, bytes: 0n, micros: new Map() };

/** The amounts of one query. */
export interface QueryAmount {
  readonly bytes: Bytes;
  readonly cost: Money;
}

/** A tally with one more query. */
export function addToTally(tally: Tally, { bytes, cost }: QueryAmount): Tally {
  const { currency, micros } = cost;
  return {
    queries: tally.queries + 1,
    bytes: tally.bytes + bytes,
    micros: new Map(tally.micros).set(currency, (tally.micros.get(currency) ?? 0n) + micros),
  };
}

/** The higher of two amounts of the same query, for each figure separately. */
export function higherAmounts(a: QueryAmount, b: QueryAmount): QueryAmount {
  return {
    bytes: a.bytes > b.bytes ? a.bytes : b.bytes,
    cost: a.cost.micros > b.cost.micros ? a.cost : b.cost,
  };
}
