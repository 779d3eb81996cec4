import { type ReadingMade, type UnreadOutcome, unknownWords, unread, type Words } from './reading-made.ts';
import type { ReadingTask } from './reading-process-main.ts';

/** What a process is to read, in the order in which it reads: the first is being read. */
export interface UnderWay {
  readonly size: number;
  readonly tasks: readonly ReadingTask[];
  /** Settles always, once it is read or given up. */
  add(task: ReadingTask): Promise<ReadingMade>;
  /** Of the first. */
  know(words: Words): void;
  /** The first is read. */
  finish(made: ReadingMade): void;
  /** The first is unread, and told by its words as far as they are known. */
  giveUp(outcome: UnreadOutcome, reason: string): void;
  giveUpAll(outcome: UnreadOutcome, reason: string): void;
}

interface One {
  readonly task: ReadingTask;
  words: Words | null;
  resolve(made: ReadingMade): void;
}

export function createUnderWay(): UnderWay {
  const all: One[] = [];

  function giveUp(outcome: UnreadOutcome, reason: string): void {
    const first = all.shift();
    first?.resolve(unread(first.words ?? unknownWords(first.task.sql), outcome, reason));
  }

  return {
    get size() {
      return all.length;
    },
    get tasks() {
      return all.map(({ task }) => task);
    },
    add: (task) => new Promise((resolve) => all.push({ task, words: null, resolve })),
    know(words) {
      const [first] = all;
      if (first !== undefined) first.words = words;
    },
    finish: (made) => all.shift()?.resolve(made),
    giveUp,
    giveUpAll(outcome, reason) {
      while (all.length > 0) giveUp(outcome, reason);
    },
  };
}
