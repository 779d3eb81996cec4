import { LRUCache } from 'lru-cache';

/** Somebody who mistypes a token does so a few times; somebody who guesses tokens does so all day. */
const MOST_OF_ONE = 10;
/** From all addresses together: having many of them gains nothing. */
const MOST_OF_ALL = 100;
const WINDOW_MS = 60_000;
const MOST_ADDRESSES = 1_000;

/** Counts failed sign-ins, by address and in total. */
export interface Attempts {
  /** False if too many have failed within the last minute. */
  mayTry(address: string, nowMs: number): boolean;
  failed(address: string, nowMs: number): void;
}

interface Failures {
  readonly sinceMs: number;
  readonly count: number;
}

const NONE: Failures = { sinceMs: Number.NEGATIVE_INFINITY, count: 0 };

/** This process's attempts, kept in memory. */
export function createAttempts(): Attempts {
  const byAddress = new LRUCache<string, Failures>({ max: MOST_ADDRESSES });
  let ofAll = NONE;
  return {
    mayTry: (address, nowMs) =>
      recent(byAddress.get(address) ?? NONE, nowMs) < MOST_OF_ONE && recent(ofAll, nowMs) < MOST_OF_ALL,
    failed(address, nowMs) {
      byAddress.set(address, oneMore(byAddress.get(address) ?? NONE, nowMs));
      ofAll = oneMore(ofAll, nowMs);
    },
  };
}

function recent({ sinceMs, count }: Failures, nowMs: number): number {
  return nowMs - sinceMs < WINDOW_MS ? count : 0;
}

function oneMore(failures: Failures, nowMs: number): Failures {
  const count = recent(failures, nowMs);
  return count === 0 ? { sinceMs: nowMs, count: 1 } : { ...failures, count: count + 1 };
}
