import { LRUCache } from 'lru-cache';
import { withinMs } from '../foundation/waiting/within.ts';

/** A sum, and when it was computed. */
export interface CachedSum<T> {
  readonly value: T;
  readonly atMs: number;
}

interface CacheEntry<T> {
  cached: CachedSum<T> | null;
  /**
   * How long the last one took to compute; 0 for the first, whose time may include starting the process that computes
   * it.
   */
  tookMs: number;
  computing: Promise<CachedSum<T>> | null;
}

/** Arguments for which sums and running computations are kept. */
const MAX_ENTRIES = 50;

/** A sum takes at most a tenth of one processor: one that took a minute is computed again after ten. */
const REST_FACTOR = 10;

export interface SumCache<Argument, T> {
  /**
   * The last sum. If it is too old, a new one is computed, and waited for if the last one took less than `waitMs`; null
   * if the very first one is not ready. Fails only if there is no sum and none could be computed.
   */
  get(argument: Argument, waitMs: number): Promise<CachedSum<T> | null>;
}

export interface SumCacheOptions {
  /** How long a quick sum stays fresh. */
  readonly freshMs: number;
  readonly now?: () => number;
}

/**
 * Caches what takes long to sum up, so that no page waits for it.
 * @param compute computes the sum; arguments that are the same as JSON share one
 */
export function createSumCache<Argument, T>(
  compute: (argument: Argument) => Promise<T>,
  { freshMs, now = Date.now }: SumCacheOptions,
): SumCache<Argument, T> {
  const entries = new LRUCache<string, CacheEntry<T>>({ max: MAX_ENTRIES });

  function entryOf(key: string): CacheEntry<T> {
    const entry = entries.get(key) ?? { cached: null, tookMs: 0, computing: null };
    entries.set(key, entry);
    return entry;
  }

  function refreshed(entry: CacheEntry<T>, argument: Argument): Promise<CachedSum<T>> {
    const startedAtMs = now();
    entry.computing ??= compute(argument)
      .then((value) => {
        entry.tookMs = entry.cached === null ? 0 : now() - startedAtMs;
        entry.cached = { value, atMs: startedAtMs };
        return entry.cached;
      })
      .finally(() => {
        entry.computing = null;
      });
    return entry.computing;
  }

  return {
    async get(argument, waitMs) {
      const entry = entryOf(JSON.stringify(argument));
      const { cached } = entry;
      const goodForMs = Math.max(freshMs, entry.tookMs * REST_FACTOR);
      const ageMs = cached === null ? 0 : now() - cached.atMs;
      // A sum from the future was computed before the clock was set back.
      if (cached !== null && ageMs >= 0 && ageMs < goodForMs) return cached;
      const computing = refreshed(entry, argument);
      if (cached === null) return (await withinMs(computing, waitMs))?.value ?? null;
      // If no new sum comes in time, or none can be computed, the old one is shown all the same; the next page asks
      // again.
      const newer = computing.catch(() => cached);
      return entry.tookMs > waitMs ? cached : ((await withinMs(newer, waitMs))?.value ?? cached);
    },
  };
}
