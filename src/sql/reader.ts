import type { ColumnLineage } from '../vocabulary/column-lineage.ts';
import { NO_SITES, type RewriteSites } from '../vocabulary/rewrite-sites.ts';
import type { ReadingLimits } from './limits.ts';
import { createReadingPool, type ReadingPoolOptions } from './processes/reading-pool.ts';
import type { ReadingTask } from './processes/reading-process-main.ts';
import { createReadingCache, readingKey } from './reading-cache.ts';
import { type ReadingMade, type ReadingOutcome, unknownWords, unread } from './reading-made.ts';
import type { NameDefaults } from './table-names.ts';

/**
 * Reads SQL in other processes, so that no SQL holds up the requests beside it. Callers take turns at them, and where
 * there are several no caller has all of them at once, so that nobody's SQL holds up that of others.
 */
export interface Reader {
  /**
   * What the SQL says, as `readSql` tells it, and how it was read. Never rejects: what exceeds a limit is unread.
   * @param caller whose turn it takes
   */
  read(sql: string, defaults: NameDefaults, caller?: string): Promise<ReadingMade>;
  /** Where the SQL could be written otherwise; nowhere where it is not read within the limits. Never rejects. */
  rewriteSites(sql: string, defaults: NameDefaults, caller?: string): Promise<RewriteSites>;
  /** What each column of the result is made of; null where that cannot be told within the limits. Never rejects. */
  columnLineage(sql: string, defaults: NameDefaults): Promise<ColumnLineage | null>;
  /** Settles when the first process can read, or cannot. */
  readonly ready: Promise<void>;
  /** Why no process that reads can start, several tries in a row; null while one can read, or may yet. */
  startProblem(): string | null;
  close(): Promise<void>;
}

export interface ReaderOptions extends Omit<ReadingPoolOptions, 'onReplaced'> {
  /** Told of each query, also of those that were read before. */
  readonly onReading?: (outcome: ReadingOutcome | 'cached', seconds: number) => void;
  readonly onReplaced?: ReadingPoolOptions['onReplaced'];
}

/** Whose turn is taken by what no caller asked for. */
const OWN = '';

/** A query that took too long is not tried again for so long, lest it be sent only to keep a process busy. */
const TOO_SLOW_FOR_MS = 60_000;

/** Why SQL is unread that may be read another time, or where another asks. */
const ANOTHER_TIME: ReadonlySet<ReadingOutcome> = new Set(['wait', 'throttled', 'failure']);

/** Said without its being looked at, which would hold up this process. */
function tooLong(sql: string, limits: ReadingLimits): ReadingMade {
  return unread(unknownWords(sql), 'size', `it is longer than ${limits.characters} characters`);
}

export function createReader(options: ReaderOptions): Reader {
  const { limits, onReading = () => undefined, onReplaced = () => undefined } = options;
  const readings = createReadingCache<ReadingMade>();
  /** Of each caller by itself: whether SQL gets its turn, and when, is not the same for all. */
  const underWay = new Map<string, Promise<ReadingMade>>();
  const pool = createReadingPool({ ...options, onReplaced });
  return {
    ready: pool.ready,
    startProblem: pool.startProblem,
    async read(sql, defaults, caller = OWN) {
      if (sql.length > limits.characters) {
        const made = tooLong(sql, limits);
        onReading(made.outcome, 0);
        return made;
      }
      const startedAt = performance.now();
      const key = readingKey(sql, defaults);
      const known = readings.get(key) ?? underWay.get(caller + key);
      const made = await (known ?? readOnce(key, { sql, defaults }, caller));
      onReading(known === undefined ? made.outcome : 'cached', (performance.now() - startedAt) / 1000);
      return made;
    },
    async rewriteSites(sql, defaults, caller = OWN) {
      const { sites = NO_SITES } = await pool.read({ sql, defaults, wantsSites: true }, caller);
      return sites;
    },
    async columnLineage(sql, defaults) {
      if (sql.length > limits.characters) return null;
      const { columnLineage = null } = await pool.read({ sql, defaults, wantsColumnLineage: true }, OWN);
      return columnLineage;
    },
    close: () => pool.close(),
  };

  /** Those that ask the same meanwhile wait for the same. */
  async function readOnce(key: string, task: ReadingTask, caller: string): Promise<ReadingMade> {
    const making = pool.read(task, caller);
    underWay.set(caller + key, making);
    const made = await making;
    underWay.delete(caller + key);
    if (made.outcome === 'time') readings.set(key, made, { ttl: TOO_SLOW_FOR_MS });
    else if (!ANOTHER_TIME.has(made.outcome)) readings.set(key, made);
    return made;
  }
}
