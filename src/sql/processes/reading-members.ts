import type { ReadingLimits } from '../limits.ts';
import { type ReadingProcess, startReadingProcess } from './reading-process.ts';

/** One of the processes that read, and whose queries it has. */
export interface Member {
  readonly process: ReadingProcess;
  readonly isForShort: boolean;
  /** How many queries it is given at once. */
  readonly capacity: number;
  /** One that has to be replaced stays theirs until the next can read. */
  readonly callers: string[];
}

export interface MembersOptions {
  readonly limits: ReadingLimits;
  /** How many queries are read at once. */
  readonly processes: number;
  /** Told of each process that hung, broke or could not start. */
  readonly onReplaced: (reason: string) => void;
}

export interface Members {
  /** Grows until all have been started. */
  readonly all: readonly Member[];
  /** Settles when the first process can read, or cannot. */
  readonly ready: Promise<void>;
  /** Why none of them can start, several tries in a row; null while one can read, or may yet. */
  startProblem(): string | null;
  close(): Promise<void>;
}

/**
 * So many of short queries are given to a process at once: between one and the next stands a turn of this process, which
 * may take longer than to read it.
 */
const SHORT_AT_ONCE = 4;

/**
 * Starts the processes that read; where there are several, the first is for short SQL alone.
 * @param onUp told each time that one can read
 */
export function startMembers(options: MembersOptions, onUp: () => void): Members {
  const { limits, processes } = options;
  const ready = Promise.withResolvers<void>();
  let isClosed = false;
  const all = [start(0)];
  // Each takes a core while it starts: one alone can read sooner, and so can whoever waits for it.
  void ready.promise.then(() => {
    while (!isClosed && all.length < processes) all.push(start(all.length));
  });
  return {
    all,
    ready: ready.promise,
    startProblem() {
      const problems = all.map(({ process }) => process.startProblem);
      return problems.includes(null) ? null : (problems[0] ?? null);
    },
    async close() {
      isClosed = true;
      await Promise.all(all.map(({ process }) => process.close()));
    },
  };

  function start(index: number): Member {
    const isForShort = processes > 1 && index === 0;
    const process = startReadingProcess(limits, {
      // The process that guards comes first, and what reads short SQL for it.
      priority: index === 0 ? 'usual' : 'low',
      onUp() {
        ready.resolve();
        onUp();
      },
      onReplaced(reason) {
        ready.resolve();
        options.onReplaced(reason);
      },
    });
    return { process, isForShort, capacity: isForShort ? SHORT_AT_ONCE : 1, callers: [] };
  }
}

/** Whether it can read one more query now, whosever it is. */
export function isFree({ process, callers, capacity }: Member): boolean {
  return process.isUp && callers.length < capacity;
}

/** No caller has all that short SQL is given to, nor all that long SQL is given to. */
export function mayHaveOneMore(caller: string, alike: readonly Member[]): boolean {
  let all = 0;
  let own = 0;
  for (const { capacity, callers } of alike) {
    all += capacity;
    for (const one of callers) if (one === caller) own += 1;
  }
  return own < Math.max(1, all - 1);
}
