import { startTimeLimit, type TimeLimit } from '../../waiting/time-limit.ts';
import { type ReadingMade, type UnreadOutcome, unknownWords, unread, type Words } from '../reading-made.ts';
import type { ReadingTask } from './reading-process-main.ts';

/** What a process is to read, in the order in which it reads. */
export interface UnderWay {
  /** From now on all of it is read, one after the other. @returns what the process is to be given */
  begin(): readonly ReadingTask[];
  /** The process is lost: what is left waits until another begins. */
  halt(): void;
  /** @param waitMs how long it waits at most until it is being read, whatever keeps it waiting */
  add(task: ReadingTask, waitMs: number): InHand;
  /** Of the first, which is being read. */
  know(words: Words): void;
  /** The first is read. */
  finish(made: ReadingMade): void;
  /** The first is unread, and told by its words as far as they are known. */
  giveUp(outcome: UnreadOutcome, reason: string): void;
  giveUpAll(outcome: UnreadOutcome, reason: string): void;
}

/** One task, from when it was asked until nothing more comes of it. */
export interface InHand {
  /** Null where it was not being read in time. */
  readonly made: Promise<ReadingMade | null>;
  /**
   * Settles no sooner than `made`: what a process has it reads in its turn, though nobody waits for it any more. Null
   * where no process read it.
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

  /** What is being read by then has another limit. */
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
  one?.limit.end();
  one?.done.resolve(made);
  one?.made.resolve(made);
}
