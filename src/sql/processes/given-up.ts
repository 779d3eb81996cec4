import { LRUCache } from 'lru-cache';

/** Whose SQL was given up because it took too long to read, and how long the text was. */
export interface GivenUpSql {
  add(caller: string, characters: number): void;
  /**
   * Whether not to try this caller's SQL: some of theirs was given up repeatedly of late, and the shortest of it was no
   * longer than this. Their shorter SQL is still read, since others may use the same account.
   */
  forbids(caller: string, characters: number): boolean;
}

/** One slow query is nobody's fault, and the same SQL is not tried again anyway. */
const TIMES = 3;
const WITHIN_MINUTES = 5;
/** How many callers are remembered. */
const MOST_CALLERS = 1_000;

/** Records that SQL was given up. */
interface Once {
  readonly atMs: number;
  readonly characters: number;
}

/** Given in place of a reading, so that whoever sent the SQL learns why it was not even tried. */
export const THROTTLED_REASON = `SQL of its caller, no longer than this, took too long to read ${TIMES} times within ${WITHIN_MINUTES} minutes`;

/** @param now milliseconds of a monotonic clock */
export function createGivenUp(now: () => number = () => performance.now()): GivenUpSql {
  const byCaller = new LRUCache<string, readonly Once[]>({ max: MOST_CALLERS });
  const ofLate = (caller: string) =>
    (byCaller.get(caller) ?? []).filter(({ atMs }) => atMs > now() - WITHIN_MINUTES * 60_000);
  return {
    add(caller, characters) {
      byCaller.set(caller, [...ofLate(caller), { atMs: now(), characters }]);
    },
    forbids(caller, characters) {
      const times = ofLate(caller);
      return times.length >= TIMES && times.some((once) => once.characters <= characters);
    },
  };
}
