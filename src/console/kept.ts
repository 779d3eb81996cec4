import { LRUCache } from 'lru-cache';
import { withinMs } from '../waiting/within.ts';

/** A sum, and when it was computed. */
export interface Kept<T> {
  readonly value: T;
  readonly atMs: number;
}

interface KeptSum<T> {
  kept: Kept<T> | null;
  /**
   * How long the last one took to compute; 0 for the first, whose time may include starting the process that computes
   * it.
   */
  tookMs: number;
  making: Promise<Kept<T>> | null;
}

/** Arguments for which sums and running computations are kept. */
const MOST = 50;

/** A sum takes at most a tenth of one processor: one that took a minute is computed again after ten. */
const TIMES = 10;

export interface KeptSums<Argument, T> {
  /**
   * The last sum. If it is too old, a new one is computed, and waited for if the last one took less than `waitMs`; null
   * if the very first one is not ready. Fails only if there is no sum and none could be computed.
   */
  get(argument: Argument, waitMs: number): Promise<Kept<T> | null>;
}

/**
 * Caches what takes long to sum up, so that no page waits for it.
 * @param make computes the sum
 * @param keyOf arguments with the same key share a sum
 * @param freshMs how long a quick sum stays fresh
 */
export function createKept<Argument, T>(
  make: (argument: Argument) => Promise<T>,
  {
    keyOf,
    freshMs,
    now = Date.now,
  }: {
    readonly keyOf: (argument: Argument) => string;
    readonly freshMs: number;
    readonly now?: () => number;
  },
): KeptSums<Argument, T> {
  const entries = new LRUCache<string, KeptSum<T>>({ max: MOST });

  function entryOf(key: string): KeptSum<T> {
    const entry = entries.get(key) ?? { kept: null, tookMs: 0, making: null };
    entries.set(key, entry);
    return entry;
  }

  function refreshed(entry: KeptSum<T>, argument: Argument): Promise<Kept<T>> {
    const startedAtMs = now();
    entry.making ??= make(argument)
      .then((value) => {
        entry.tookMs = entry.kept === null ? 0 : now() - startedAtMs;
        entry.kept = { value, atMs: startedAtMs };
        return entry.kept;
      })
      .finally(() => {
        entry.making = null;
      });
    return entry.making;
  }

  return {
    async get(argument, waitMs) {
      const entry = entryOf(keyOf(argument));
      const { kept } = entry;
      const goodForMs = Math.max(freshMs, entry.tookMs * TIMES);
      const ageMs = kept === null ? 0 : now() - kept.atMs;
      // A sum from the future was computed before the clock was set back.
      if (kept !== null && ageMs >= 0 && ageMs < goodForMs) return kept;
      const making = refreshed(entry, argument);
      if (kept === null) return (await withinMs(making, waitMs))?.value ?? null;
      // If no new sum comes in time, or none can be computed, the old one is shown all the same; the next page asks
      // again.
      const newer = making.catch(() => kept);
      return entry.tookMs > waitMs ? kept : ((await withinMs(newer, waitMs))?.value ?? kept);
    },
  };
}
