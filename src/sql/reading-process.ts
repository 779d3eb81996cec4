import type { ReadingLimits } from './limits.ts';
import { type Loss, type ReadingChildOptions, startReadingChild } from './reading-child.ts';
import { type ReadingMade, unknownWords, unread } from './reading-made.ts';
import type { ReadingTask } from './reading-process-main.ts';
import { createUnderWay } from './under-way.ts';

/** A process that reads one query after the other, and is replaced by another where it hangs or breaks. */
export interface ReadingProcess {
  /** Whether it has started: while it is replaced, what it was given waits. */
  readonly isUp: boolean;
  /** Settles when it has started, or the one in its place. */
  up(): Promise<void>;
  /**
   * Settles always: within the time limit from when what was asked before is read, and a process is up. What does not
   * end well is unread alone; only where a process hangs as it starts is all that waits for it unread.
   */
  read(task: ReadingTask): Promise<ReadingMade>;
  close(): Promise<void>;
}

export interface ReadingProcessOptions extends ReadingChildOptions {
  /** It can read: the first that was started, or one in its place. */
  onUp(): void;
  /** It hung, broke, or could not start, and is up again once it can read. */
  onReplaced(reason: string): void;
}

/** Why what is asked while it closes, or is under way then, is unread. */
const STOPS = 'the guardrail stops';

/** One that cannot even start is not tried again at once. */
const RESTART_AFTER_MS = 1_000;

export function startReadingProcess(limits: ReadingLimits, options: ReadingProcessOptions): ReadingProcess {
  const underWay = createUnderWay();
  let restarting: NodeJS.Timeout | undefined;
  let isClosed = false;
  let isUp = false;
  let up = Promise.withResolvers<void>();
  let child = start();
  return {
    get isUp() {
      return isUp;
    },
    up: () => up.promise,
    async read(task) {
      if (isClosed) return unread(unknownWords(task.sql), 'failure', STOPS);
      if (isUp) child.give(task);
      restarting?.ref();
      return underWay.add(task);
    },
    async close() {
      isClosed = true;
      clearTimeout(restarting);
      underWay.giveUpAll('failure', STOPS);
      await child.end();
    },
  };

  function start() {
    return startReadingChild(limits, options, {
      onReady() {
        isUp = true;
        for (const task of underWay.tasks) child.give(task);
        up.resolve();
        options.onUp();
      },
      onWords: underWay.know,
      onRead: underWay.finish,
      onLost,
    });
  }

  function onLost({ how, reason }: Loss): void {
    if (isUp) up = Promise.withResolvers();
    isUp = false;
    if (how === 'did not read in time') underWay.giveUp('time', reason);
    if (how === 'ended as it read') underWay.giveUp('failure', reason);
    // They have waited longer than anybody should, and the next may hang as well.
    if (how === 'was not ready in time') underWay.giveUpAll('failure', reason);
    if (how === 'ended before it was ready') restartSoon(reason);
    else restart(reason);
  }

  /** What waits is worth staying alive for; where nothing does, this process may be done before another starts. */
  function restartSoon(reason: string): void {
    restarting = setTimeout(() => {
      underWay.giveUp('failure', reason);
      restart(reason);
    }, RESTART_AFTER_MS);
    if (underWay.size === 0) restarting.unref();
  }

  function restart(reason: string): void {
    child = start();
    options.onReplaced(reason);
  }
}
