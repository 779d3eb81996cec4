import type { ColumnLineage } from '../vocabulary/column-lineage.ts';
import { createFairLine } from '../vocabulary/fair-line.ts';
import { NO_SITES, type RewriteSites } from '../vocabulary/rewrite-sites.ts';
import type { ReadingLimits } from './limits.ts';
import { createReadingCache, readingKey } from './reading-cache.ts';
import { type ReadingMade, type ReadingOutcome, unknownWords, unread } from './reading-made.ts';
import { type ReadingProcess, startReadingProcess } from './reading-process.ts';
import type { ReadingTask } from './reading-process-main.ts';
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

/** One query that waits for a process. */
interface Waiting {
  readonly caller: string;
  /** @param free null where none comes */
  begin(free: ReadingProcess | null): void;
}

/** Whose turn is taken by what no caller asked for. */
const OWN = '';

/** A query that took too long is not tried again for so long, lest it be sent only to keep a process busy. */
const TOO_SLOW_FOR_MS = 60_000;

/** Said without its being looked at, which would hold up this process. */
function tooLong(sql: string, limits: ReadingLimits): ReadingMade {
  return unread(unknownWords(sql), 'size', `it is longer than ${limits.characters} characters`);
}

export function createReader(options: ReaderOptions): Reader {
  const { limits, onReading = () => undefined, onReplaced = () => undefined } = options;
  const readings = createReadingCache<Promise<ReadingMade>>();
  const waiting = createFairLine<Waiting>();
  /** Who has each process that is not free. One that has to be replaced stays theirs until the next can read. */
  const holders = new Map<ReadingProcess, string>();
  const mostOfOneCaller = Math.max(1, options.processes - 1);
  const mayBegin = (caller: string) =>
    [...holders.values()].filter((holder) => holder === caller).length < mostOfOneCaller;
  const free = new Set<ReadingProcess>();
  const ready = Promise.withResolvers<void>();
  const processes = Array.from({ length: options.processes }, () =>
    startReadingProcess(limits, {
      onFree(reading) {
        holders.delete(reading);
        free.add(reading);
        ready.resolve();
        beginNext();
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
    async read(sql, defaults, caller = OWN) {
      if (sql.length > limits.characters) {
        const made = tooLong(sql, limits);
        onReading(made.outcome, 0);
        return made;
      }
      const startedAt = performance.now();
      const key = readingKey(sql, defaults);
      const known = readings.get(key);
      const made = await (known ?? readOnce(key, { sql, defaults }, caller));
      onReading(known === undefined ? made.outcome : 'cached', (performance.now() - startedAt) / 1000);
      return made;
    },
    async rewriteSites(sql, defaults, caller = OWN) {
      const { sites = NO_SITES } = await readElsewhere({ sql, defaults, wantsSites: true }, caller);
      return sites;
    },
    async columnLineage(sql, defaults) {
      if (sql.length > limits.characters) return null;
      const { columnLineage = null } = await readElsewhere({ sql, defaults, wantsColumnLineage: true }, OWN);
      return columnLineage;
    },
    async close() {
      free.clear();
      for (const one of waiting.everyone()) one.begin(null);
      await Promise.all(processes.map((reading) => reading.close()));
    },
  };

  /** Those that ask the same meanwhile wait for the same. */
  async function readOnce(key: string, task: ReadingTask, caller: string): Promise<ReadingMade> {
    const making = readElsewhere(task, caller);
    readings.set(key, making);
    const { outcome } = await making;
    if (outcome === 'time') readings.set(key, making, { ttl: TOO_SLOW_FOR_MS });
    // Another time there may be a free one.
    if (outcome === 'wait' || outcome === 'failure') readings.delete(key);
    return making;
  }

  async function readElsewhere(task: ReadingTask, caller: string): Promise<ReadingMade> {
    const reading = await freeProcess(caller);
    if (reading === null) {
      return unread(
        unknownWords(task.sql),
        'wait',
        `no process was free to read it within ${options.waitMs} ms`,
      );
    }
    return reading.read(task);
  }

  /** One that no other query has; null where none is free in time. */
  function freeProcess(caller: string): Promise<ReadingProcess | null> {
    return new Promise((resolve) => {
      const one: Waiting = {
        caller,
        begin(reading) {
          clearTimeout(timer);
          waiting.leave(one, { hadTurn: reading !== null });
          resolve(reading);
        },
      };
      const timer = setTimeout(one.begin, options.waitMs, null);
      waiting.join(one);
      beginNext();
    });
  }

  function beginNext(): void {
    for (const reading of free) {
      const next = waiting.head(mayBegin);
      if (next === null) return;
      free.delete(reading);
      holders.set(reading, next.caller);
      next.begin(reading);
    }
  }
}
