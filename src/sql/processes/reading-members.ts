import type { ReadingLimits } from '../reading-limits.ts';
import { type ReadingProcess, startReadingProcess } from './reading-process.ts';

/** One of the reading processes, and whose queries it has. */
export interface Member {
  readonly process: ReadingProcess;
  readonly isForShort: boolean;
  /** How many queries it is given at once. */
  readonly capacity: number;
  /** When a process must be replaced, its queries keep it occupied until the next one can read. */
  readonly callers: string[];
}

export interface MembersOptions {
  readonly limits: ReadingLimits;
  /** How many queries are read at once. */
  readonly processes: number;
  /** Called for each process that hung, broke or could not start. */
  readonly onReplaced: (reason: string) => void;
}

export interface Members {
  /** Grows until all have been started. */
  readonly all: readonly Member[];
  /** Settles when the first process can read, or has failed to start. */
  readonly ready: Promise<void>;
  /** Why none of them can start, after several attempts; null while one can read, or may do so yet. */
  startProblem(): string | null;
  close(): Promise<void>;
}

/**
 * Short queries that a process is given at once: between two queries comes a turn of this process, which may take
 * longer than the reading itself.
 */
const SHORT_AT_ONCE = 4;

/**
 * Starts the reading processes; if there are several, the first is for short SQL only.
 * @param onUp called each time one becomes able to read
 */
export function startMembers(options: MembersOptions, onUp: () => void): Members {
  const { limits, processes } = options;
  const ready = Promise.withResolvers<void>();
  let isClosed = false;
  const all = [start(0)];
  // Each takes a core while it starts: one alone is ready sooner, and so are the queries that wait for it.
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
      // The guarding process has priority, and so has the one that reads short SQL for it.
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

/** Whether it can take another query now, whoever asks. */
export function isFree({ process, callers, capacity }: Member): boolean {
  return process.isUp && callers.length < capacity;
}

/** No caller may occupy all processes for short SQL, nor all those for long SQL. */
export function canTakeAnother(caller: string, peers: readonly Member[]): boolean {
  let all = 0;
  let used = 0;
  for (const { capacity, callers } of peers) {
    all += capacity;
    for (const other of callers) if (other === caller) used += 1;
  }
  return used < Math.max(1, all - 1);
}
