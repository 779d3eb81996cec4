import { LRUCache } from 'lru-cache';
import { BigQueryError, type ResultSet } from '../../warehouse.ts';

/** The results of a query, which BigQuery keeps as an anonymous table for a day. */
interface StoredResult {
  readonly id: string;
  /** Only the principal who asked may read them. */
  readonly principal: string;
  readonly rows: ResultSet;
}

export interface ResultStore {
  put(result: StoredResult): void;
  has(id: string): boolean;
  /** @throws BigQueryError `notFound` if they were dropped */
  get(id: string): StoredResult;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** How many rows are measured to estimate the size of a whole result. */
const SAMPLE_ROWS = 100;

/** Keeps results for a day, at most `maxBytes` in total, dropping the least recently read first. */
export function createResultStore(options: {
  readonly maxBytes: number;
  readonly maxResults: number;
}): ResultStore {
  const results = new LRUCache<string, StoredResult>({
    max: options.maxResults,
    maxSize: options.maxBytes,
    ttl: DAY_MS,
    // A result larger than the limit is kept alone, so that its own client can still page through it.
    sizeCalculation: (result) => Math.min(options.maxBytes, approximateBytes(result.rows)),
  });
  return {
    put(result) {
      results.set(result.id, result);
    },
    has: (id) => results.has(id),
    get(id) {
      const result = results.get(id);
      if (result !== undefined) return result;
      throw new BigQueryError(
        404,
        'notFound',
        'Not found: the results of this job. The sandbox keeps results in memory, for a day and within a limit, and ' +
          'these have been dropped; run the query again.',
      );
    },
  };
}

function approximateBytes(rows: ResultSet): number {
  const sample = rows.page(0, SAMPLE_ROWS, { useInt64Timestamp: true });
  if (sample.length === 0) return 1;
  return Math.ceil((JSON.stringify(sample).length / sample.length) * rows.totalRows);
}
