import { setTimeout } from 'node:timers/promises';
import type { Rewrite } from '../vocabulary/advice.ts';
import type { Search } from './search.ts';

/** Runs searches for rewrites, and returns what they found in time. */
export interface Advisor {
  /**
   * Begins a search, and returns what it has found when it ends, when the time is over or when nobody waits any more,
   * whichever comes first. The search goes on in the background, and everything it finds is kept. Never rejects.
   */
  advise(question: {
    /** The decision on the refused query. */
    readonly decisionId: string;
    readonly begin: () => Search;
    readonly keep: (rewrites: readonly Rewrite[]) => Promise<void>;
    readonly gone: AbortSignal;
  }): Promise<readonly Rewrite[]>;
}

/**
 * @param options.waitMs the longest that a refusal waits for rewrites
 * @param options.maxSearches this many run at once; beyond that, refusals go without
 * @param options.onError called when a search failed, or its rewrites could not be kept
 */
export function createAdvisor(options: {
  readonly waitMs: number;
  readonly maxSearches: number;
  readonly onError: (error: unknown, decisionId: string) => void;
}): Advisor {
  let running = 0;
  return {
    async advise({ decisionId, begin, keep, gone }) {
      if (running >= options.maxSearches) return [];
      running += 1;
      const search = startSearch(begin);
      void search.ended
        .then(() => keep(search.found()))
        .catch((error: unknown) => options.onError(error, decisionId))
        .finally(() => {
          running -= 1;
        });
      await waitForEnd(search.ended, options.waitMs, gone);
      return search.found();
    },
  };
}

/** A search that cannot even begin counts as ended. */
function startSearch(begin: () => Search): Search {
  try {
    return begin();
  } catch (error) {
    return { found: () => [], ended: Promise.reject(error) };
  }
}

async function waitForEnd(ended: Promise<void>, waitMs: number, gone: AbortSignal): Promise<void> {
  const finished = new AbortController();
  const signal = AbortSignal.any([finished.signal, gone]);
  // A search that fails counts as ended; whoever keeps its rewrites is told why.
  await Promise.race([ended, setTimeout(waitMs, undefined, { signal })]).catch(() => undefined);
  finished.abort();
}
