import type { ChildProcess } from 'node:child_process';
import {
  awaitChild,
  endChild,
  idleChild,
  lowerPriority,
  moduleBeside,
  onChildEnd,
  startChild,
} from '../children/child.ts';
import type { ReadingLimits } from './limits.ts';
import { type ReadingMade, unknownWords, unread, type Words } from './reading-made.ts';
import type { ReadingMessage, ReadingTask } from './reading-process-main.ts';

/** A process that reads one query after the other, and is replaced by another where it hangs or breaks. */
export interface ReadingProcess {
  /** Whether it has started: while it is replaced, what it was given waits. */
  readonly isUp: boolean;
  /** Settles when it has started, or the one in its place. */
  up(): Promise<void>;
  /**
   * Settles always: within the time limit from when what was asked before is read. Where it does not end well, this
   * query alone is unread.
   */
  read(task: ReadingTask): Promise<ReadingMade>;
  close(): Promise<void>;
}

export interface ReadingProcessOptions {
  /** How it stands to other processes where there is not enough processor time for all. */
  readonly priority: 'usual' | 'low';
  /** It can read: the first that was started, or one in its place. */
  onUp(): void;
  /** It hung, broke, or could not start, and is up again once it can read. */
  onReplaced(reason: string): void;
}

interface UnderWay {
  readonly task: ReadingTask;
  words: Words | null;
  resolve(made: ReadingMade): void;
}

const CODE = moduleBeside(import.meta.url, 'reading-process-main');

/** What of its heap a process may use: a query of a megabyte makes a tree of some hundred. */
const MOST_HEAP_MIB = 512;

/** Why what is asked while it closes, or is under way then, is unread. */
const STOPS = 'the guardrail stops';

/** One that cannot even start is not tried again at once. */
const RESTART_AFTER_MS = 1_000;

export function startReadingProcess(
  limits: ReadingLimits,
  { priority, onUp, onReplaced }: ReadingProcessOptions,
): ReadingProcess {
  /** In the order in which they are read: the first is being read. */
  const underWay: UnderWay[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let isUp = false;
  let up = Promise.withResolvers<void>();
  let child = start();
  return {
    get isUp() {
      return isUp;
    },
    up: () => up.promise,
    read: (task) =>
      new Promise((resolve) => {
        if (isClosed) return resolve(unread(unknownWords(task.sql), 'failure', STOPS));
        underWay.push({ task, words: null, resolve });
        if (isUp) give(task);
        if (underWay.length === 1) begin();
      }),
    async close() {
      isClosed = true;
      while (underWay.length > 0) finish((words) => unread(words, 'failure', STOPS));
      await endChild(child);
    },
  };

  function give(task: ReadingTask): void {
    awaitChild(child);
    // Where it cannot be sent, the process ends, or the time is over.
    child.send(task, () => undefined);
  }

  /** With the first of those under way, which is given to the process already, or is as soon as it has started. */
  function begin(): void {
    if (!isUp || underWay.length === 0) return;
    timer = setTimeout(() => {
      replace('time', `it took more than ${limits.milliseconds} ms to read`);
    }, limits.milliseconds);
  }

  function start(): ChildProcess {
    const started = startChild(CODE, {
      args: [JSON.stringify(limits)],
      // It reads what anybody sends: what this process knows of passwords and tokens is none of its business.
      env: {},
      mostHeapMib: MOST_HEAP_MIB,
    });
    let isReady = false;
    started.on('message', (message: ReadingMessage) => {
      if (started !== child) return;
      isReady = true;
      if (!isClosed) hear(message);
    });
    onChildEnd(started, (how) => onEnd(`it ${how}`));
    return started;

    function onEnd(cause: string): void {
      if (started !== child || isClosed) return;
      if (isReady) replace('failure', `the process that read it broke: ${cause}`);
      else setTimeout(() => started === child && replace('failure', cause), RESTART_AFTER_MS).unref();
    }
  }

  function hear(message: ReadingMessage): void {
    const [first] = underWay;
    switch (message.kind) {
      case 'ready':
        isUp = true;
        idleChild(child);
        // Not while it starts: others may wait for it.
        if (priority === 'low') lowerPriority(child);
        for (const { task } of underWay) give(task);
        begin();
        up.resolve();
        onUp();
        break;
      case 'words':
        if (first !== undefined) first.words = message.words;
        break;
      case 'read': {
        const { kind: _kind, sound, ...made } = message;
        finish(() => made);
        if (sound) begin();
        else restart('the parser broke');
      }
    }
  }

  /** What it hung or broke at is unread. */
  function replace(outcome: 'time' | 'failure', reason: string): void {
    if (isClosed) return;
    finish((words) => unread(words, outcome, reason));
    restart(reason);
  }

  function restart(reason: string): void {
    if (isUp) up = Promise.withResolvers();
    isUp = false;
    void endChild(child);
    child = start();
    onReplaced(reason);
  }

  /** Ends the first of those under way. */
  function finish(end: (words: Words) => ReadingMade): void {
    clearTimeout(timer);
    const first = underWay.shift();
    if (underWay.length === 0) idleChild(child);
    first?.resolve(end(first.words ?? unknownWords(first.task.sql)));
  }
}
