import { Worker } from 'node:worker_threads';
import type { ReadingLimits } from './limits.ts';
import { type ReadingMade, unknownWords, unread, type Words } from './read-anew.ts';
import type { ReaderMessage, ReadingTask } from './reader-worker.ts';

/** A thread that reads one query at a time, and is replaced by another where it hangs or breaks. */
export interface ReadingThread {
  /** To be asked of a free thread. Settles always, within the time limit; where it does not end well, this query alone is unread. */
  read(task: ReadingTask): Promise<ReadingMade>;
  close(): Promise<void>;
}

interface ThreadEvents {
  /** It has nothing to read and can begin at once. */
  onFree(thread: ReadingThread): void;
  /** It hung, broke, or could not start; it is free again when `onFree` says so. */
  onReplaced(thread: ReadingThread, reason: string): void;
}

interface UnderWay {
  readonly task: ReadingTask;
  readonly timer: NodeJS.Timeout;
  words: Words | null;
  resolve(made: ReadingMade): void;
}

const CODE = new URL('./reader-worker.ts', import.meta.url);

/** What of its heap a thread may use: a query of a megabyte makes a tree of some hundred. */
const MOST_HEAP_MIB = 512;

/** A thread that cannot even start is not tried again at once. */
const RESTART_AFTER_MS = 1_000;

export function startReadingThread(limits: ReadingLimits, events: ThreadEvents): ReadingThread {
  let underWay: UnderWay | null = null;
  let isClosed = false;
  let begun: Promise<void> = Promise.resolve();
  let worker = start();
  const thread: ReadingThread = {
    read: (task) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          replace('time', `it took more than ${limits.milliseconds} ms to read`);
        }, limits.milliseconds);
        underWay = { task, timer, words: null, resolve };
        worker.postMessage(task);
      }),
    async close() {
      isClosed = true;
      finish((words) => unread(words, 'failure', 'the guardrail stops'));
      // To end a thread while it starts can end the whole process: V8 fails a check of its own (Node 24.21).
      await begun;
      await worker.terminate();
    },
  };
  return thread;

  function start(): Worker {
    const started = new Worker(CODE, {
      workerData: limits,
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MIB },
    });
    const { promise, resolve: begin } = Promise.withResolvers<void>();
    begun = promise;
    let isReady = false;
    started.unref();
    started.on('message', (message: ReaderMessage) => {
      if (started !== worker) return;
      isReady = true;
      begin();
      if (!isClosed) hear(message);
    });
    // An error is followed by an exit.
    let cause = 'it ended';
    started.on('error', (error) => {
      cause = error instanceof Error ? error.message : String(error);
    });
    started.on('exit', () => {
      begin();
      if (started !== worker || isClosed) return;
      if (isReady) replace('failure', `the thread that read it broke: ${cause}`);
      else setTimeout(() => replace('failure', cause), RESTART_AFTER_MS).unref();
    });
    return started;
  }

  function hear(message: ReaderMessage): void {
    switch (message.kind) {
      case 'ready':
        events.onFree(thread);
        break;
      case 'words':
        if (underWay !== null) underWay.words = message.words;
        break;
      case 'read': {
        const { kind: _kind, sound, ...made } = message;
        finish(() => made);
        if (sound) events.onFree(thread);
        else replace('failure', 'the parser broke');
      }
    }
  }

  function replace(outcome: 'time' | 'failure', reason: string): void {
    if (isClosed) return;
    void worker.terminate();
    worker = start();
    events.onReplaced(thread, reason);
    finish((words) => unread(words, outcome, reason));
  }

  function finish(end: (words: Words) => ReadingMade): void {
    if (underWay === null) return;
    const { task, timer, words, resolve } = underWay;
    underWay = null;
    clearTimeout(timer);
    resolve(end(words ?? unknownWords(task.sql)));
  }
}
