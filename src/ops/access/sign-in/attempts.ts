import { LRUCache } from 'lru-cache';

/** Somebody who mistypes a token does so a few times; somebody who guesses tokens does so all day. */
const MAX_PER_ADDRESS = 10;
/** From all addresses together: having many of them gains nothing. */
const MAX_IN_TOTAL = 100;
const WINDOW_MS = 60_000;
const MAX_ADDRESSES = 1_000;

/** Counts failed sign-ins, by address and in total. */
export interface Attempts {
  /** False if too many have failed within the last minute. */
  mayTry(address: string, nowMs: number): boolean;
  recordFailure(address: string, nowMs: number): void;
}

interface Failures {
  readonly sinceMs: number;
  readonly count: number;
}

const NONE: Failures = { sinceMs: Number.NEGATIVE_INFINITY, count: 0 };

/** This process's attempts, kept in memory. */
export function createAttempts(): Attempts {
  const byAddress = new LRUCache<string, Failures>({ max: MAX_ADDRESSES });
  let total = NONE;
  return {
    mayTry: (address, nowMs) =>
      recentCount(byAddress.get(address) ?? NONE, nowMs) < MAX_PER_ADDRESS &&
      recentCount(total, nowMs) < MAX_IN_TOTAL,
    recordFailure(address, nowMs) {
      byAddress.set(address, withFailure(byAddress.get(address) ?? NONE, nowMs));
      total = withFailure(total, nowMs);
    },
  };
}

function recentCount({ sinceMs, count }: Failures, nowMs: number): number {
  return nowMs - sinceMs < WINDOW_MS ? count : 0;
}

function withFailure(failures: Failures, nowMs: number): Failures {
  const count = recentCount(failures, nowMs);
  return count === 0 ? { sinceMs: nowMs, count: 1 } : { ...failures, count: count + 1 };
}
