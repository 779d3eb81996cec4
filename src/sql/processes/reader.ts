import type { ColumnLineage } from '../../vocabulary/column-lineage.ts';
import { NO_SITES, type RewriteSites } from '../../vocabulary/rewrite-sites.ts';
import { type ReadingOutcome, type ReadResult, unknownTokenSummary, unreadResult } from '../read-result.ts';
import { createReadingCache, readingKey } from '../reading-cache.ts';
import type { ReadingLimits } from '../reading-limits.ts';
import type { NameDefaults } from '../table-names.ts';
import { createReadingPool, type ReadingPool, type ReadingPoolOptions } from './reading-pool.ts';
import type { ReadingTask } from './reading-process-main.ts';

/**
 * Reads SQL in other processes, so that no SQL blocks other requests. Callers take turns; if there are several
 * processes, no caller gets all of them at once, so that nobody's SQL holds up that of others.
 */
export interface Reader {
  /**
   * What the SQL says, as `readSql` returns it, and how it was read. Never rejects: SQL beyond a limit is unread.
   * @param caller whose turn it uses
   */
  read(sql: string, defaults: NameDefaults, caller?: string): Promise<ReadResult>;
  /** Where the SQL could be rewritten; nowhere if it is not read within the limits. Never rejects. */
  rewriteSites(sql: string, defaults: NameDefaults, caller?: string): Promise<RewriteSites>;
  /** What each column of the result is made of; null if that cannot be found within the limits. Never rejects. */
  columnLineage(sql: string, defaults: NameDefaults): Promise<ColumnLineage | null>;
  /** Settles when the first process can read, or has failed to start. */
  readonly ready: Promise<void>;
  /** Why no reading process can start, after several attempts; null while one can read, or may do so yet. */
  startProblem(): string | null;
  close(): Promise<void>;
}

export interface ReaderOptions extends Omit<ReadingPoolOptions, 'onReplaced'> {
  /** Called for each query, including those whose reading was cached. */
  readonly onReading?: (outcome: ReadingOutcome | 'cached', seconds: number) => void;
  readonly onReplaced?: ReadingPoolOptions['onReplaced'];
}

/** The caller that stands for requests by no caller. */
const NO_CALLER = '';

/**
 * A query that took too long is not tried again for this long; otherwise it could be sent just to keep a process busy.
 */
const TOO_SLOW_FOR_MS = 60_000;

/** Reasons why SQL is unread now, although it may be read later or for another caller. */
const NOT_CACHED: ReadonlySet<ReadingOutcome> = new Set(['wait', 'throttled', 'failure']);

/** Said without looking at the SQL, which would block this process. */
function tooLongResult(sql: string, limits: ReadingLimits): ReadResult {
  return unreadResult(unknownTokenSummary(sql), 'size', `it is longer than ${limits.characters} characters`);
}

export function createReader(options: ReaderOptions): Reader {
  const { limits, onReading = () => undefined, onReplaced = () => undefined } = options;
  const pool = createReadingPool({ ...options, onReplaced });
  const readings = createReadings(pool);
  return {
    ready: pool.ready,
    startProblem: pool.startProblem,
    async read(sql, defaults, caller = NO_CALLER) {
      if (sql.length > limits.characters) {
        const result = tooLongResult(sql, limits);
        onReading(result.outcome, 0);
        return result;
      }
      const startedAt = performance.now();
      const { isCached, result } = readings.find({ sql, defaults }, caller);
      const read = await result;
      onReading(isCached ? 'cached' : read.outcome, (performance.now() - startedAt) / 1000);
      return read;
    },
    async rewriteSites(sql, defaults, caller = NO_CALLER) {
      const { sites = NO_SITES } = await pool.read({ sql, defaults, wantsSites: true }, caller);
      return sites;
    },
    async columnLineage(sql, defaults) {
      if (sql.length > limits.characters) return null;
      const { columnLineage = null } = await pool.read(
        { sql, defaults, wantsColumnLineage: true },
        NO_CALLER,
      );
      return columnLineage;
    },
    close: () => pool.close(),
  };
}

/** The readings of SQL, of which each is made once: those made before are kept, and those asked for meanwhile are shared. */
function createReadings(pool: ReadingPool) {
  const readings = createReadingCache<ReadResult>();
  /** Per caller: whether and when SQL gets its turn is not the same for everyone. */
  const pendingReads = new Map<string, Promise<ReadResult>>();

  async function readOnce(key: string, task: ReadingTask, caller: string): Promise<ReadResult> {
    const pending = pool.read(task, caller);
    pendingReads.set(caller + key, pending);
    const result = await pending;
    pendingReads.delete(caller + key);
    if (result.outcome === 'time') readings.set(key, result, { ttl: TOO_SLOW_FOR_MS });
    else if (!NOT_CACHED.has(result.outcome)) readings.set(key, result);
    return result;
  }

  return {
    find(
      task: ReadingTask,
      caller: string,
    ): { readonly isCached: boolean; readonly result: ReadResult | Promise<ReadResult> } {
      const key = readingKey(task.sql, task.defaults);
      const cached = readings.get(key) ?? pendingReads.get(caller + key);
      return { isCached: cached !== undefined, result: cached ?? readOnce(key, task, caller) };
    },
  };
}
