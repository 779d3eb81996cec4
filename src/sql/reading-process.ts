import type { ChildProcess } from 'node:child_process';
import { awaitChild, endChild, idleChild, onChildEnd, startChild } from '../children/child.ts';
import type { ReadingLimits } from './limits.ts';
import { type ReadingMade, unknownWords, unread, type Words } from './reading-made.ts';
import type { ReadingMessage, ReadingTask } from './reading-process-main.ts';

/** A process that reads one query at a time, and is replaced by another where it hangs or breaks. */
export interface ReadingProcess {
  /** To be asked of a free one. Settles always, within the time limit; where it does not end well, this query alone is unread. */
  read(task: ReadingTask): Promise<ReadingMade>;
  close(): Promise<void>;
}

export interface ReadingProcessOptions {
  /** How it stands to other processes where there is not enough processor time for all. */
  readonly priority: 'usual' | 'low';
  /** It has nothing to read and can begin at once. */
  onFree(process: ReadingProcess): void;
  /** It hung, broke, or could not start; it is free again when `onFree` says so. */
  onReplaced(process: ReadingProcess, reason: string): void;
}

interface UnderWay {
  readonly task: ReadingTask;
  readonly timer: NodeJS.Timeout;
  words: Words | null;
  resolve(made: ReadingMade): void;
}

const CODE = new URL('./reading-process-main.ts', import.meta.url);

/** What of its heap a process may use: a query of a megabyte makes a tree of some hundred. */
const MOST_HEAP_MIB = 512;

/** One that cannot even start is not tried again at once. */
const RESTART_AFTER_MS = 1_000;

export function startReadingProcess(
  limits: ReadingLimits,
  { priority, ...events }: ReadingProcessOptions,
): ReadingProcess {
  let underWay: UnderWay | null = null;
  let isClosed = false;
  let child = start();
  const reading: ReadingProcess = {
    read: (task) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => {
          replace('time', `it took more than ${limits.milliseconds} ms to read`);
        }, limits.milliseconds);
        underWay = { task, timer, words: null, resolve };
        awaitChild(child);
        // Where it cannot be sent, the process ends, or the time is over.
        child.send(task, () => undefined);
      }),
    async close() {
      isClosed = true;
      finish((words) => unread(words, 'failure', 'the guardrail stops'));
      await endChild(child);
    },
  };
  return reading;

  function start(): ChildProcess {
    const started = startChild(CODE, {
      args: [JSON.stringify(limits)],
      // It reads what anybody sends: what this process knows of passwords and tokens is none of its business.
      env: {},
      mostHeapMib: MOST_HEAP_MIB,
      priority,
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
    switch (message.kind) {
      case 'ready':
        idleChild(child);
        events.onFree(reading);
        break;
      case 'words':
        if (underWay !== null) underWay.words = message.words;
        break;
      case 'read': {
        const { kind: _kind, sound, ...made } = message;
        finish(() => made);
        if (sound) events.onFree(reading);
        else replace('failure', 'the parser broke');
      }
    }
  }

  function replace(outcome: 'time' | 'failure', reason: string): void {
    if (isClosed) return;
    finish((words) => unread(words, outcome, reason));
    void endChild(child);
    child = start();
    events.onReplaced(reading, reason);
  }

  function finish(end: (words: Words) => ReadingMade): void {
    if (underWay === null) return;
    const { task, timer, words, resolve } = underWay;
    underWay = null;
    clearTimeout(timer);
    idleChild(child);
    resolve(end(words ?? unknownWords(task.sql)));
  }
}
