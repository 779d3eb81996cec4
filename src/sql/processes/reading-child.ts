import { type ChildOptions, moduleBeside, startChild } from '../../foundation/children/child.ts';
import { startTimeLimit, type TimeLimit } from '../../foundation/waiting/time-limit.ts';
import type { ReadResult, TokenSummary } from '../read-result.ts';
import type { ReadingLimits } from '../reading-limits.ts';
import type { ReadingMessage, ReadingTask } from './reading-process-main.ts';

/** One reading process, from its start to its end. */
export interface ReadingChild {
  /** Only once it is ready. It reads what it is pending in order, each within the time limit. */
  send(task: ReadingTask): void;
  /** No more is reported about it. Settles when it is gone. */
  end(): Promise<void>;
}

/** What is reported about it; nothing once it is lost. */
export interface ReadingChildEvents {
  onReady(): void;
  /** What the tokens say about the SQL that it starts on. */
  onTokenSummary(tokenSummary: TokenSummary): void;
  onRead(result: ReadResult): void;
  /** It has been ended, if it had not ended by itself: another must take its place. */
  onLost(loss: Loss): void;
}

/** How a process was lost, and why, in words for the caller. */
export interface Loss {
  readonly how:
    | 'ended before it was ready'
    | 'was not ready in time'
    | 'did not read in time'
    | 'ended as it read'
    /** Its parser broke on what it has read; whatever else it was pending is left to the next process. */
    | 'is not to be asked again';
  readonly reason: string;
}

export interface ReadingChildOptions {
  /** Its priority when there is not enough processor time for all. */
  readonly priority: 'usual' | 'low';
  /** The module that it runs, in place of the reader. */
  readonly code?: URL;
  /** How long it may take to become ready. */
  readonly startMs?: number;
}

const CODE = moduleBeside(import.meta.url, 'reading-process-main');

/** The most heap a process may use: a query of a megabyte makes a tree of a few hundred MiB. */
const MAX_HEAP_MIB = 512;

/** It takes less than a second, or several on a busy machine. */
const START_MS = 30_000;

export function startReadingChild(
  limits: ReadingLimits,
  { priority, code = CODE, startMs = START_MS }: ReadingChildOptions,
  events: ReadingChildEvents,
): ReadingChild {
  let isReady = false;
  let isOver = false;
  const child = startChild<ReadingMessage>(code, childOptions(limits), {
    onMessage(message) {
      if (!isOver) handleMessage(message);
    },
    onEnd(how) {
      if (isReady)
        reportLoss({ how: 'ended as it read', reason: `the process that read it broke: it ${how}` });
      else reportLoss({ how: 'ended before it was ready', reason: `the process that was to read it ${how}` });
    },
  });
  const watchdog = startWatchdog({ startMs, readMs: limits.milliseconds }, reportLoss);

  function handleMessage(message: ReadingMessage): void {
    switch (message.kind) {
      case 'ready':
        watchdog.started();
        isReady = true;
        child.unref();
        // Not while it starts: others may be waiting for it.
        if (priority === 'low') child.lowerPriority();
        events.onReady();
        break;
      case 'tokens':
        events.onTokenSummary(message.tokenSummary);
        break;
      case 'read':
        handleRead(message);
    }
  }

  function handleRead({ kind: _kind, sound, ...result }: Extract<ReadingMessage, { kind: 'read' }>): void {
    if (watchdog.taskRead() === 'nothing left') child.unref();
    events.onRead(result);
    if (!sound) reportLoss({ how: 'is not to be asked again', reason: 'the parser broke' });
  }

  function reportLoss(loss: Loss): void {
    if (isOver) return;
    void end();
    events.onLost(loss);
  }

  function end(): Promise<void> {
    isOver = true;
    watchdog.end();
    return child.end();
  }

  return {
    send(task) {
      child.ref();
      child.send(task);
      watchdog.taskSent();
    },
    end,
  };
}

/** Limits the time of a process's start, and then of each query that it reads, one after the other. */
function startWatchdog(
  { startMs, readMs }: { readonly startMs: number; readonly readMs: number },
  onTooSlow: (loss: Loss) => void,
) {
  let pending = 0;
  let limit = limitOf(startMs, {
    how: 'was not ready in time',
    reason: `the process that was to read it was not ready within ${startMs} ms`,
  });

  function limitOf(ms: number, loss: Loss): TimeLimit {
    return startTimeLimit(ms, () => onTooSlow(loss), { keepsAlive: true });
  }

  function startReadLimit(): void {
    limit = limitOf(readMs, {
      how: 'did not read in time',
      reason: `it took more than ${readMs} ms to read`,
    });
  }

  return {
    started: () => limit.cancel(),
    taskSent(): void {
      pending += 1;
      if (pending === 1) startReadLimit();
    },
    taskRead(): 'nothing left' | 'more to read' {
      limit.cancel();
      pending -= 1;
      if (pending === 0) return 'nothing left';
      startReadLimit();
      return 'more to read';
    },
    end: () => limit.cancel(),
  };
}

function childOptions(limits: ReadingLimits): ChildOptions {
  return {
    args: [JSON.stringify(limits)],
    // It reads SQL from anybody, so it must not see this process's passwords and tokens.
    env: {},
    maxHeapMib: MAX_HEAP_MIB,
  };
}
