import { startTimeLimit, type TimeLimit } from '../../foundation/waiting/time-limit.ts';
import {
  type ReadResult,
  type TokenSummary,
  type UnreadOutcome,
  unknownTokenSummary,
  unreadResult,
} from '../read-result.ts';
import type { ReadingTask } from './reading-process-main.ts';

/** What a process has to read, in order. */
export interface PendingReads {
  /** A process begins: from now on everything is read, one after the other. @returns what to give the process */
  begin(): readonly ReadingTask[];
  /** The process is lost: what is left waits for the next one. */
  halt(): void;
  /** @param waitMs the longest wait until it is being read, whatever the reason */
  add(task: ReadingTask, waitMs: number): PendingRead;
  /** The first one, which is being read. */
  setTokenSummary(tokenSummary: TokenSummary): void;
  /** The first one has been read. */
  finish(result: ReadResult): void;
  /** The first one is unread; its reading holds what its tokens say, if they are known. */
  giveUp(outcome: UnreadOutcome, reason: string): void;
  giveUpAll(outcome: UnreadOutcome, reason: string): void;
}

/** One task, from the request until nothing more can come of it. */
export interface PendingRead {
  /** Null if its reading did not begin in time. */
  readonly result: Promise<ReadResult | null>;
  /**
   * Settles no sooner than `result`: a process reads whatever it has, even if nobody waits for it any more. Null if no
   * process read it.
   */
  readonly done: Promise<ReadResult | null>;
}

interface PendingEntry {
  readonly task: ReadingTask;
  readonly result: PromiseWithResolvers<ReadResult | null>;
  readonly done: PromiseWithResolvers<ReadResult | null>;
  readonly limit: TimeLimit;
  tokenSummary: TokenSummary | null;
  isExpired: boolean;
}

export function createPendingReads(): PendingReads {
  let all: PendingEntry[] = [];
  let isStarted = false;
  return {
    begin() {
      isStarted = true;
      return all.map(({ task }) => task);
    },
    halt() {
      isStarted = false;
      dropExpired();
    },
    add(task, waitMs) {
      const entry = entryOf(task, waitMs, expire);
      all.push(entry);
      return { result: entry.result.promise, done: entry.done.promise };
    },
    setTokenSummary(tokenSummary) {
      const [first] = all;
      if (first !== undefined) first.tokenSummary = tokenSummary;
    },
    finish(result) {
      end(all.shift(), result);
    },
    giveUp,
    giveUpAll(outcome, reason) {
      while (all.length > 0) giveUp(outcome, reason);
    },
  };

  function giveUp(outcome: UnreadOutcome, reason: string): void {
    const first = all.shift();
    if (first !== undefined)
      end(first, unreadResult(first.tokenSummary ?? unknownTokenSummary(first.task.sql), outcome, reason));
  }

  /** Once it is being read, another time limit applies. */
  function expire(entry: PendingEntry): void {
    if (isStarted && all[0] === entry) return;
    entry.isExpired = true;
    entry.result.resolve(null);
    if (!isStarted) dropExpired();
  }

  function dropExpired(): void {
    for (const { done } of all.filter(({ isExpired }) => isExpired)) done.resolve(null);
    all = all.filter(({ isExpired }) => !isExpired);
  }
}

function entryOf(task: ReadingTask, waitMs: number, onWaited: (entry: PendingEntry) => void): PendingEntry {
  const entry: PendingEntry = {
    task,
    result: Promise.withResolvers(),
    done: Promise.withResolvers(),
    tokenSummary: null,
    isExpired: false,
    // It keeps this process alive for as long as somebody waits.
    limit: startTimeLimit(waitMs, () => onWaited(entry), { keepsAlive: true }),
  };
  return entry;
}

function end(entry: PendingEntry | undefined, result: ReadResult): void {
  entry?.limit.cancel();
  entry?.done.resolve(result);
  entry?.result.resolve(result);
}
