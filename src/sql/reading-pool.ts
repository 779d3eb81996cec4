import { createFairLine } from '../vocabulary/fair-line.ts';
import { createGivenUp, THROTTLED_REASON } from './given-up.ts';
import type { ReadingLimits } from './limits.ts';
import { type ReadingMade, unknownWords, unread } from './reading-made.ts';
import { type ReadingProcess, startReadingProcess } from './reading-process.ts';
import type { ReadingTask } from './reading-process-main.ts';

/**
 * The processes that read. Callers take turns at them. Where there are several, no caller has all of them at once, and
 * the first is for short SQL alone, so that no long SQL, whosever it is, holds up what people write.
 */
export interface ReadingPool {
  /** Never rejects: what is not read says why. */
  read(task: ReadingTask, caller: string): Promise<ReadingMade>;
  /** Settles when the first process can read, or cannot. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

export interface ReadingPoolOptions {
  readonly limits: ReadingLimits;
  /** How many queries are read at once. */
  readonly processes: number;
  /** How long a query waits for one at most. */
  readonly waitMs: number;
  /** Told of each process that hung or broke. */
  readonly onReplaced: (reason: string) => void;
}

/** So much is read in milliseconds, or some tens where it is made to hurt, and few people write more. */
const MOST_CHARACTERS_OF_SHORT = 8_192;

/** A process to read with, or why there is none. */
type Turn = ReadingProcess | 'none free' | 'throttled';

/** One query that waits for a process. */
interface Waiting {
  readonly caller: string;
  readonly characters: number;
  begin(turn: Turn): void;
}

export function createReadingPool(options: ReadingPoolOptions): ReadingPool {
  const { limits, waitMs } = options;
  const givenUp = createGivenUp();
  const long = createFairLine<Waiting>();
  const short = createFairLine<Waiting>();
  /** Who has each process that is not free. One that has to be replaced stays theirs until the next can read. */
  const holders = new Map<ReadingProcess, string>();
  const free = new Set<ReadingProcess>();
  const ready = Promise.withResolvers<void>();
  const processes = Array.from({ length: options.processes }, (_, index) =>
    startReadingProcess(limits, {
      // The process that guards comes first, and what reads short SQL for it.
      priority: index === 0 ? 'usual' : 'low',
      onFree(reading) {
        holders.delete(reading);
        free.add(reading);
        ready.resolve();
        beginNext();
      },
      onReplaced(reading, reason) {
        free.delete(reading);
        ready.resolve();
        options.onReplaced(reason);
      },
    }),
  );
  const [forShort] = processes.length > 1 ? processes : [];
  const mostOfOneCaller = Math.max(1, processes.length - 1);
  return {
    ready: ready.promise,
    async read(task, caller) {
      const { length } = task.sql;
      const turn = givenUp.forbids(caller, length) ? 'throttled' : await turnOf(caller, length);
      if (typeof turn === 'string') return notRead(turn, task.sql);
      const made = await turn.read(task);
      if (made.outcome === 'time') giveUp(caller, length);
      return made;
    },
    async close() {
      free.clear();
      for (const one of everyoneWaiting()) one.begin('none free');
      await Promise.all(processes.map((reading) => reading.close()));
    },
  };

  function notRead(why: Exclude<Turn, ReadingProcess>, sql: string): ReadingMade {
    const words = unknownWords(sql);
    return why === 'none free'
      ? unread(words, 'wait', `no process was free to read it within ${waitMs} ms`)
      : unread(words, 'throttled', THROTTLED_REASON);
  }

  /** What waits and is not to be read any more has its answer now. */
  function giveUp(caller: string, characters: number): void {
    givenUp.add(caller, characters);
    for (const one of everyoneWaiting()) {
      if (givenUp.forbids(one.caller, one.characters)) one.begin('throttled');
    }
  }

  /** A process that no other query has, in turn. */
  function turnOf(caller: string, characters: number): Promise<Turn> {
    const line = forShort !== undefined && characters > MOST_CHARACTERS_OF_SHORT ? long : short;
    return new Promise((resolve) => {
      const one: Waiting = {
        caller,
        characters,
        begin(turn) {
          clearTimeout(timer);
          line.leave(one, { hadTurn: typeof turn !== 'string' });
          resolve(turn);
        },
      };
      const timer = setTimeout(one.begin, waitMs, 'none free');
      line.join(one);
      beginNext();
    });
  }

  function beginNext(): void {
    for (const reading of processes) {
      const next = free.has(reading) ? nextFor(reading) : null;
      if (next === null) continue;
      free.delete(reading);
      holders.set(reading, next.caller);
      next.begin(reading);
    }
  }

  function nextFor(reading: ReadingProcess): Waiting | null {
    return (reading === forShort ? null : long.head(mayBegin)) ?? short.head(mayBegin);
  }

  function mayBegin(caller: string): boolean {
    return [...holders.values()].filter((holder) => holder === caller).length < mostOfOneCaller;
  }

  function everyoneWaiting(): readonly Waiting[] {
    return [...long.everyone(), ...short.everyone()];
  }
}
