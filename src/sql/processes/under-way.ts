import { startTimeLimit, type TimeLimit } from '../../waiting/time-limit.ts';
import { type ReadingMade, type UnreadOutcome, unknownWords, unread, type Words } from '../reading-made.ts';
import type { ReadingTask } from './reading-process-main.ts';

/** What a process has to read, in order. */
export interface UnderWay {
  /** A process begins: from now on everything is read, one after the other. @returns what to give the process */
  begin(): readonly ReadingTask[];
  /** The process is lost: what is left waits for the next one. */
  halt(): void;
  /** @param waitMs the longest wait until it is being read, whatever the reason */
  add(task: ReadingTask, waitMs: number): InHand;
  /** The first one, which is being read. */
  know(words: Words): void;
  /** The first one has been read. */
  finish(made: ReadingMade): void;
  /** The first one is unread; its reading holds what its tokens say, if they are known. */
  giveUp(outcome: UnreadOutcome, reason: string): void;
  giveUpAll(outcome: UnreadOutcome, reason: string): void;
}

/** One task, from the request until nothing more can come of it. */
export interface InHand {
  /** Null if its reading did not begin in time. */
  readonly made: Promise<ReadingMade | null>;
  /**
   * Settles no sooner than `made`: a process reads whatever it has, even if nobody waits for it any more. Null if no
   * process read it.
   */
  readonly done: Promise<ReadingMade | null>;
}

interface One {
  readonly task: ReadingTask;
  readonly made: PromiseWithResolvers<ReadingMade | null>;
  readonly done: PromiseWithResolvers<ReadingMade | null>;
  readonly limit: TimeLimit;
  words: Words | null;
  isLate: boolean;
}

export function createUnderWay(): UnderWay {
  let all: One[] = [];
  let isBegun = false;
  return {
    begin() {
      isBegun = true;
      return all.map(({ task }) => task);
    },
    halt() {
      isBegun = false;
      leaveOutLate();
    },
    add(task, waitMs) {
      const made = Promise.withResolvers<ReadingMade | null>();
      const done = Promise.withResolvers<ReadingMade | null>();
      const one: One = {
        ...{ task, made, done, words: null, isLate: false },
        // It keeps this process alive for as long as somebody waits.
        limit: startTimeLimit(waitMs, () => waitNoMore(one), { keepsAlive: true }),
      };
      all.push(one);
      return { made: made.promise, done: done.promise };
    },
    know(words) {
      const [first] = all;
      if (first !== undefined) first.words = words;
    },
    finish(made) {
      end(all.shift(), made);
    },
    giveUp,
    giveUpAll(outcome, reason) {
      while (all.length > 0) giveUp(outcome, reason);
    },
  };

  function giveUp(outcome: UnreadOutcome, reason: string): void {
    const first = all.shift();
    if (first !== undefined) end(first, unread(first.words ?? unknownWords(first.task.sql), outcome, reason));
  }

  /** Once it is being read, another time limit applies. */
  function waitNoMore(one: One): void {
    if (isBegun && all[0] === one) return;
    one.isLate = true;
    one.made.resolve(null);
    if (!isBegun) leaveOutLate();
  }

  function leaveOutLate(): void {
    for (const { done } of all.filter(({ isLate }) => isLate)) done.resolve(null);
    all = all.filter(({ isLate }) => !isLate);
  }
}

function end(one: One | undefined, made: ReadingMade): void {
  one?.limit.cancel();
  one?.done.resolve(made);
  one?.made.resolve(made);
}
