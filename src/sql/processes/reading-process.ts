import { backoff } from '../../foundation/waiting/backoff.ts';
import { STOPPING_REASON, unknownTokenSummary, unreadResult } from '../read-result.ts';
import type { ReadingLimits } from '../reading-limits.ts';
import { createPendingReads, type PendingRead } from './pending-reads.ts';
import { type Loss, type ReadingChildOptions, startReadingChild } from './reading-child.ts';
import type { ReadingTask } from './reading-process-main.ts';

/** A process that reads one query after the other, and is replaced if it hangs or breaks. */
export interface ReadingProcess {
  /** Whether it has started: while it is being replaced, its queries wait. */
  readonly isUp: boolean;
  /** Why it could not start, if that has failed several times in a row; otherwise null. */
  readonly startProblem: string | null;
  /** Settles when it, or the one in its place, has started. */
  up(): Promise<void>;
  /**
   * Both promises in the result always settle. A query that breaks the process is unread, and those behind it go to the
   * process that replaces this one.
   * @param waitMs the longest wait until it is being read
   */
  read(task: ReadingTask, waitMs: number): PendingRead;
  close(): Promise<void>;
}

export interface ReadingProcessOptions extends ReadingChildOptions {
  /** It can read: either the first one, or a replacement. */
  onUp(): void;
  /** It hung, broke, or could not start. Another is started, immediately if this one had started. */
  onReplaced(reason: string): void;
}

/** A process that cannot even start is not retried at once: the machine may have no room for it. */
const RESTARTS = { firstMs: 1_000, maxMs: 30_000 };

/**
 * The number of failed starts that is no accident any more: if each fails at once, they happen within three seconds.
 */
const SEVERAL_STARTS = 3;

export function startReadingProcess(limits: ReadingLimits, options: ReadingProcessOptions): ReadingProcess {
  const pending = createPendingReads();
  const starts = createStarts(() => {
    child = start();
  });
  let isClosed = false;
  let isUp = false;
  let up = Promise.withResolvers<void>();
  let child = start();

  function start() {
    return startReadingChild(limits, options, {
      onReady() {
        isUp = true;
        starts.succeeded();
        for (const task of pending.begin()) child.send(task);
        up.resolve();
        options.onUp();
      },
      onTokenSummary: pending.setTokenSummary,
      onRead: pending.finish,
      onLost,
    });
  }

  function onLost({ how, reason }: Loss): void {
    if (isUp) up = Promise.withResolvers();
    else starts.failed(reason);
    isUp = false;
    if (how === 'did not read in time') pending.giveUp('time', reason);
    if (how === 'ended as it read') pending.giveUp('failure', reason);
    pending.halt();
    if (how === 'ended before it was ready') starts.restartLater();
    else child = start();
    options.onReplaced(reason);
  }

  return {
    get isUp() {
      return isUp && !isClosed;
    },
    get startProblem() {
      return starts.problem();
    },
    up: () => up.promise,
    read(task, waitMs) {
      if (isClosed) return unreadNow(task);
      if (isUp) child.send(task);
      return pending.add(task, waitMs);
    },
    async close() {
      isClosed = true;
      starts.end();
      pending.giveUpAll('wait', STOPPING_REASON);
      await child.end();
    },
  };
}

/** Counts failed starts in a row, and spaces out the next ones. */
function createStarts(start: () => void) {
  let restarting: NodeJS.Timeout | undefined;
  let failed = 0;
  let reason = '';
  return {
    succeeded(): void {
      failed = 0;
    },
    failed(why: string): void {
      failed += 1;
      reason = why;
    },
    problem: (): string | null => (failed >= SEVERAL_STARTS ? reason : null),
    /** Somebody who waits keeps this process alive; if nobody does, it may end before another starts. */
    restartLater(): void {
      restarting = setTimeout(start, backoff(failed, RESTARTS)).unref();
    },
    end: (): void => clearTimeout(restarting),
  };
}

function unreadNow({ sql }: ReadingTask): PendingRead {
  const result = Promise.resolve(unreadResult(unknownTokenSummary(sql), 'wait', STOPPING_REASON));
  return { result, done: result };
}
