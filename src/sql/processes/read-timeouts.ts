import { LRUCache } from 'lru-cache';

/** Whose SQL was given up because it took too long to read, and how long the text was. */
export interface ReadTimeouts {
  add(caller: string, characters: number): void;
  /**
   * Whether not to try this caller's SQL: some of theirs was given up repeatedly of late, and the shortest of it was no
   * longer than this. Their shorter SQL is still read, since others may use the same account.
   */
  isThrottled(caller: string, characters: number): boolean;
}

/** One slow query is nobody's fault, and the same SQL is not tried again anyway. */
const THROTTLE_AFTER = 3;
const WITHIN_MINUTES = 5;
/** How many callers are remembered. */
const MAX_CALLERS = 1_000;

/** Records that SQL was given up. */
interface Timeout {
  readonly atMs: number;
  readonly characters: number;
}

/** Given in place of a reading, so that whoever sent the SQL learns why it was not even tried. */
export const THROTTLED_REASON = `SQL of its caller, no longer than this, took too long to read ${THROTTLE_AFTER} times within ${WITHIN_MINUTES} minutes`;

/** @param now milliseconds of a monotonic clock */
export function createReadTimeouts(now: () => number = () => performance.now()): ReadTimeouts {
  const byCaller = new LRUCache<string, readonly Timeout[]>({ max: MAX_CALLERS });
  const recent = (caller: string) =>
    (byCaller.get(caller) ?? []).filter(({ atMs }) => atMs > now() - WITHIN_MINUTES * 60_000);
  return {
    add(caller, characters) {
      byCaller.set(caller, [...recent(caller), { atMs: now(), characters }]);
    },
    isThrottled(caller, characters) {
      const recentTimeouts = recent(caller);
      return (
        recentTimeouts.length >= THROTTLE_AFTER &&
        recentTimeouts.some((timeout) => timeout.characters <= characters)
      );
    },
  };
}
