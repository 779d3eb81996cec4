import type { Bytes } from '../vocabulary/bytes.ts';
import { type Estimate, isUpperBound } from '../vocabulary/estimate.ts';

/**
 * An estimate that comes from the cache or is a bound gets a tenth more room, so that a table that has grown does not
 * hit the cap.
 */
const HEADROOM_DIVISOR = 10n;

/**
 * BigQuery does not accept a cap of 0. It bills in steps of 10 MiB, so a cap of one byte lets nothing through that
 * costs anything.
 */
const SMALLEST_CAP: Bytes = 1n;

/**
 * What to request from the budgets, most first: the estimate with headroom, if it needs any, then the estimate itself.
 * If the dry run sets no upper bound, it is what the policy reserves for such queries, and no less, since the query is
 * capped by it and would be stopped half-way.
 * @param caps those set by the rules and the client
 */
export function bytesToAsk(asked: {
  readonly estimate: Pick<Estimate, 'accuracy' | 'bytesBilled'>;
  /** False for one from the cache. */
  readonly isFresh: boolean;
  /** True for one that the policy sets as the cap: there is no room above it. */
  readonly isCap?: boolean;
  readonly inexactReserve: Bytes;
  readonly caps: readonly Bytes[];
}): readonly Bytes[] {
  const { accuracy, bytesBilled: exact } = asked.estimate;
  if (!isUpperBound(asked.estimate)) {
    const most = least(asked.inexactReserve, asked.caps);
    return [exact > most ? exact : most];
  }
  const isExact = asked.isCap === true || (asked.isFresh && accuracy === 'PRECISE');
  return isExact || exact === 0n ? [exact] : [exact + exact / HEADROOM_DIVISOR, exact];
}

/** The `maximumBytesBilled` to send with a query for which this many bytes are reserved. */
export function capToSend(reserved: Bytes, caps: readonly Bytes[]): Bytes {
  const lowest = least(reserved, caps);
  return lowest > SMALLEST_CAP ? lowest : SMALLEST_CAP;
}

function least(first: Bytes, others: readonly Bytes[]): Bytes {
  return others.reduce((a, b) => (a < b ? a : b), first);
}
