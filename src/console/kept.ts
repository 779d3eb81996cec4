import { LRUCache } from 'lru-cache';
import { withinMs } from '../waiting/within.ts';

/** A sum, and when it was made. */
export interface Kept<T> {
  readonly value: T;
  readonly atMs: number;
}

interface KeptSum<T> {
  kept: Kept<T> | null;
  /** How long the last one took to make; 0 for the first, before which what makes it may have had to start. */
  tookMs: number;
  making: Promise<Kept<T>> | null;
}

/** What was asked before, and sums at work, are kept of so many arguments. */
const MOST = 50;

/** A sum takes a tenth of one processor at the most: one that took a minute is made again after ten. */
const TIMES = 10;

export interface KeptSums<Argument, T> {
  /**
   * The last that was made. Where it has grown old a newer one is made, which is waited for if the last was there within
   * `waitMs`; null where the first one is not. Fails only where there is none and none could be made.
   */
  get(argument: Argument, waitMs: number): Promise<Kept<T> | null>;
}

/**
 * Keeps what takes long to sum up, so that no page waits for it.
 * @param make sums up
 * @param keyOf arguments of one key have one sum
 * @param freshMs how long a sum that is quickly made is good
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
      // One of the future was made before the clock was set back.
      if (kept !== null && ageMs >= 0 && ageMs < goodForMs) return kept;
      const making = refreshed(entry, argument);
      if (kept === null) return (await withinMs(making, waitMs))?.value ?? null;
      // Where there will be none in time, or at all, what is old is shown all the same; the next page asks again.
      const newer = making.catch(() => kept);
      return entry.tookMs > waitMs ? kept : ((await withinMs(newer, waitMs))?.value ?? kept);
    },
  };
}
