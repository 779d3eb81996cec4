import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { QueryStatistics } from './job.ts';
import type { QueryJob } from './query-job.ts';
import type { ResultStore } from './result-store.ts';

/** Results that the same principal may get for free by repeating a query. */
export interface CachedResult {
  readonly resultId: string;
  readonly statistics: QueryStatistics;
}

/**
 * BigQuery's result cache: by principal and project, keyed by the exact text, parameters and default dataset, so that a
 * different comment is a miss. Valid for a day, and until a table changes.
 * @see https://cloud.google.com/bigquery/docs/cached-results
 */
export interface ResultCache {
  find(principal: string, query: QueryJob): CachedResult | null;
  /** A number that changes whenever tables may have changed: read it before a query runs. */
  tablesVersion(): number;
  /** Keeps a result, unless tables may have changed since `tablesVersion`. */
  put(principal: string, query: QueryJob, result: CachedResult, tablesVersion: number): void;
  /**
   * To be called when tables may have changed. Everything is dropped: the sandbox does not track which table a
   * statement wrote.
   */
  tablesChanged(): void;
}

const DAY_MS = 24 * 60 * 60 * 1000;

export function createResultCache(options: {
  readonly maxEntries: number;
  readonly results: ResultStore;
}): ResultCache {
  const entries = new LRUCache<string, CachedResult>({ max: options.maxEntries, ttl: DAY_MS });
  let version = 0;
  return {
    find(principal, query) {
      if (!query.useQueryCache) return null;
      const found = entries.get(cacheKey(principal, query));
      return found !== undefined && options.results.has(found.resultId) ? found : null;
    },
    tablesVersion: () => version,
    put(principal, query, result, tablesVersion) {
      if (tablesVersion === version) entries.set(cacheKey(principal, query), result);
    },
    tablesChanged() {
      version += 1;
      entries.clear();
    },
  };
}

function cacheKey(principal: string, { request }: QueryJob): string {
  const { projectId, sql, parameters, defaultDataset } = request;
  return createHash('sha256')
    .update(JSON.stringify([principal, projectId, sql, parameters, defaultDataset ?? null]))
    .digest('base64');
}
