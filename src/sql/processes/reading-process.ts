import { backoff } from '../../waiting/backoff.ts';
import type { ReadingLimits } from '../limits.ts';
import { STOPS, unknownWords, unread } from '../reading-made.ts';
import { type Loss, type ReadingChildOptions, startReadingChild } from './reading-child.ts';
import type { ReadingTask } from './reading-process-main.ts';
import { createUnderWay, type InHand } from './under-way.ts';

/** A process that reads one query after the other, and is replaced by another where it hangs or breaks. */
export interface ReadingProcess {
  /** Whether it has started: while it is replaced, what it was given waits. */
  readonly isUp: boolean;
  /** Why it could not start the last time, where that failed several times in a row; else null. */
  readonly startProblem: string | null;
  /** Settles when it has started, or the one in its place. */
  up(): Promise<void>;
  /**
   * Both of what it returns settle always. What does not end well is unread alone, and what waits behind it is for the
   * process that takes the place of this one.
   * @param waitMs until it is being read, at most
   */
  read(task: ReadingTask, waitMs: number): InHand;
  close(): Promise<void>;
}

export interface ReadingProcessOptions extends ReadingChildOptions {
  /** It can read: the first that was started, or one in its place. */
  onUp(): void;
  /** It hung, broke, or could not start; another is started, at once where it had started. */
  onReplaced(reason: string): void;
}

/** One that cannot even start is not tried again at once: the machine may have no room for it. */
const RESTARTS = { firstMs: 1_000, longestMs: 30_000 };

/** Failed starts that are no accident any more: where each fails at once, they come within three seconds. */
const SEVERAL_STARTS = 3;

export function startReadingProcess(limits: ReadingLimits, options: ReadingProcessOptions): ReadingProcess {
  const underWay = createUnderWay();
  let restarting: NodeJS.Timeout | undefined;
  let failedStarts = 0;
  let lastLoss = '';
  let isClosed = false;
  let isUp = false;
  let up = Promise.withResolvers<void>();
  let child = start();
  return {
    get isUp() {
      return isUp && !isClosed;
    },
    get startProblem() {
      return failedStarts >= SEVERAL_STARTS ? lastLoss : null;
    },
    up: () => up.promise,
    read(task, waitMs) {
      if (isClosed) return unreadNow(task);
      if (isUp) child.give(task);
      return underWay.add(task, waitMs);
    },
    async close() {
      isClosed = true;
      clearTimeout(restarting);
      underWay.giveUpAll('wait', STOPS);
      await child.end();
    },
  };

  function start() {
    return startReadingChild(limits, options, {
      onReady() {
        isUp = true;
        failedStarts = 0;
        for (const task of underWay.begin()) child.give(task);
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
    else failedStarts += 1;
    isUp = false;
    lastLoss = reason;
    if (how === 'did not read in time') underWay.giveUp('time', reason);
    if (how === 'ended as it read') underWay.giveUp('failure', reason);
    underWay.halt();
    if (how === 'ended before it was ready') restartLater();
    else child = start();
    options.onReplaced(reason);
  }

  /** Whoever waits keeps this process alive; where nobody does, it may be done before another starts. */
  function restartLater(): void {
    restarting = setTimeout(
      () => {
        child = start();
      },
      backoff(failedStarts, RESTARTS),
    ).unref();
  }
}

function unreadNow({ sql }: ReadingTask): InHand {
  const made = Promise.resolve(unread(unknownWords(sql), 'wait', STOPS));
  return { made, done: made };
}
