import type { Bytes } from '../vocabulary/bytes.ts';
import type { Estimate } from '../vocabulary/estimate.ts';

/** An estimate that is remembered or a bound gets a tenth more room, so that a grown table does not hit the cap. */
const HEADROOM_DIVISOR = 10n;

/** BigQuery takes no cap of 0. It bills in steps of 10 MiB, so a cap of one byte lets nothing through that costs. */
const SMALLEST_CAP: Bytes = 1n;

/**
 * What to ask of the budgets, the most first: the estimate with headroom, where it is due, then the estimate itself.
 * Where the dry run sets no upper bound, what the policy reserves for such queries; and no less, since what runs is
 * capped by it and would be stopped half-way.
 * @param caps those that the rules and the client set
 */
export function bytesToAsk(asked: {
  readonly estimate: Pick<Estimate, 'accuracy' | 'bytesBilled'>;
  /** False for one that is remembered. */
  readonly isFresh: boolean;
  /** True for what the policy sets as the cap: there is no more room than it. */
  readonly isCap?: boolean;
  readonly inexactReserve: Bytes;
  readonly caps: readonly Bytes[];
}): readonly Bytes[] {
  const { accuracy, bytesBilled: exact } = asked.estimate;
  if (accuracy === 'LOWER_BOUND' || accuracy === 'UNKNOWN') {
    const most = least(asked.inexactReserve, asked.caps);
    return [exact > most ? exact : most];
  }
  const isExact = asked.isCap === true || (asked.isFresh && accuracy === 'PRECISE');
  return isExact || exact === 0n ? [exact] : [exact + exact / HEADROOM_DIVISOR, exact];
}

/** The `maximumBytesBilled` to send with a query that so many bytes are reserved for. */
export function capToSend(reserved: Bytes, caps: readonly Bytes[]): Bytes {
  const lowest = least(reserved, caps);
  return lowest > SMALLEST_CAP ? lowest : SMALLEST_CAP;
}

function least(first: Bytes, others: readonly Bytes[]): Bytes {
  return others.reduce((a, b) => (a < b ? a : b), first);
}
