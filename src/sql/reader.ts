import type { ColumnLineage } from '../vocabulary/column-lineage.ts';
import type { SqlReading } from '../vocabulary/reading.ts';
import { NO_SITES, type RewriteSites } from '../vocabulary/rewrite-sites.ts';
import type { ReadingLimits } from './limits.ts';
import { createReadingCache, readingKey } from './reading-cache.ts';
import { type ReadingMade, type ReadingOutcome, unknownWords, unread } from './reading-made.ts';
import { type ReadingProcess, startReadingProcess } from './reading-process.ts';
import type { ReadingTask } from './reading-process-main.ts';
import type { NameDefaults } from './table-names.ts';

/** Reads SQL in other processes, so that no SQL holds up the requests beside it. */
export interface Reader {
  /** What the SQL says, as `readSql` tells it. Never rejects: what exceeds a limit is unread, and says which. */
  read(sql: string, defaults: NameDefaults): Promise<SqlReading>;
  /** Where the SQL could be written otherwise; nowhere where it is not read within the limits. Never rejects. */
  rewriteSites(sql: string, defaults: NameDefaults): Promise<RewriteSites>;
  /** What each column of the result is made of; null where that cannot be told within the limits. Never rejects. */
  columnLineage(sql: string, defaults: NameDefaults): Promise<ColumnLineage | null>;
  /** Settles when the first process can read, or cannot. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

export interface ReaderOptions {
  readonly limits: ReadingLimits;
  /** How many queries are read at once. */
  readonly processes: number;
  /** How long a query waits for one at most. */
  readonly waitMs: number;
  /** Told of each query, also of those that were read before. */
  readonly onReading?: (outcome: ReadingOutcome | 'cached', seconds: number) => void;
  /** Told of each process that hung or broke. */
  readonly onReplaced?: (reason: string) => void;
}

/** One query that waits for a process: `free` is null where none comes. */
type Waiting = (free: ReadingProcess | null) => void;

/** A query that took too long is not tried again for so long, lest it be sent only to keep a process busy. */
const TOO_SLOW_FOR_MS = 60_000;

/** Said without its being looked at, which would hold up this process. */
function tooLong(sql: string, limits: ReadingLimits): ReadingMade {
  return unread(unknownWords(sql), 'size', `it is longer than ${limits.characters} characters`);
}

export function createReader(options: ReaderOptions): Reader {
  const { limits, onReading = () => undefined, onReplaced = () => undefined } = options;
  const readings = createReadingCache<Promise<ReadingMade>>();
  const waiting = new Set<Waiting>();
  const free = new Set<ReadingProcess>();
  const ready = Promise.withResolvers<void>();
  const processes = Array.from({ length: options.processes }, () =>
    startReadingProcess(limits, {
      onFree(reading) {
        free.add(reading);
        ready.resolve();
        for (const begin of waiting) {
          begin(reading);
          break;
        }
      },
      onReplaced(reading, reason) {
        free.delete(reading);
        ready.resolve();
        onReplaced(reason);
      },
    }),
  );
  return {
    ready: ready.promise,
    async read(sql, defaults) {
      if (sql.length > limits.characters) {
        const { reading, outcome } = tooLong(sql, limits);
        onReading(outcome, 0);
        return reading;
      }
      const startedAt = performance.now();
      const key = readingKey(sql, defaults);
      const known = readings.get(key);
      const { reading, outcome } = await (known ?? readOnce(key, { sql, defaults }));
      onReading(known === undefined ? outcome : 'cached', (performance.now() - startedAt) / 1000);
      return reading;
    },
    async rewriteSites(sql, defaults) {
      const { sites = NO_SITES } = await readElsewhere({ sql, defaults, wantsSites: true });
      return sites;
    },
    async columnLineage(sql, defaults) {
      if (sql.length > limits.characters) return null;
      const { columnLineage = null } = await readElsewhere({ sql, defaults, wantsColumnLineage: true });
      return columnLineage;
    },
    async close() {
      free.clear();
      for (const begin of waiting) begin(null);
      await Promise.all(processes.map((reading) => reading.close()));
    },
  };

  /** Those that ask the same meanwhile wait for the same. */
  async function readOnce(key: string, task: ReadingTask): Promise<ReadingMade> {
    const making = readElsewhere(task);
    readings.set(key, making);
    const { outcome } = await making;
    if (outcome === 'time') readings.set(key, making, { ttl: TOO_SLOW_FOR_MS });
    // Another time there may be a free one.
    if (outcome === 'wait' || outcome === 'failure') readings.delete(key);
    return making;
  }

  async function readElsewhere(task: ReadingTask): Promise<ReadingMade> {
    const reading = await freeProcess();
    if (reading !== null) return reading.read(task);
    return unread(
      unknownWords(task.sql),
      'wait',
      `no process was free to read it within ${options.waitMs} ms`,
    );
  }

  /** One that no other query has; null where none is free in time. */
  function freeProcess(): ReadingProcess | null | Promise<ReadingProcess | null> {
    for (const reading of free) return taken(reading);
    return new Promise((resolve) => {
      const begin: Waiting = (reading) => {
        clearTimeout(timer);
        waiting.delete(begin);
        resolve(reading === null ? null : taken(reading));
      };
      const timer = setTimeout(begin, options.waitMs, null);
      waiting.add(begin);
    });
  }

  function taken(reading: ReadingProcess): ReadingProcess {
    free.delete(reading);
    return reading;
  }
}
