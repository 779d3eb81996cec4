import { Worker } from 'node:worker_threads';
import type { Asks } from '../console/asks.ts';
import { LedgerError } from '../ledger/errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { isShared } from '../ledger/read-only.ts';
import { consoleAnswers } from './console-answers.ts';
import type { ConsoleAnswer, ConsoleQuestion } from './console-worker.ts';

const CODE = new URL('./console-worker.ts', import.meta.url);

/** A month of a million queries needs some tens; a thread that wants more is ended, and not the process. */
const MOST_HEAP_MIB = 512;

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

/** Answers what the console asks, apart from the thread that guards queries. */
export interface ConsoleThread {
  readonly asks: Asks;
  close(): Promise<void>;
}

/**
 * Starts a thread with a connection of its own to the ledger. One that breaks fails what was asked of it, and the next
 * question starts another.
 * @param url as the settings name the ledger; what only this process can see is answered on this thread
 */
export function startConsoleThread(url: string, ledger: Ledger): ConsoleThread {
  if (!isShared(url)) return { asks: consoleAnswers(ledger.read), close: async () => undefined };
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let worker: Worker | null = null;

  function started(): Worker {
    const own = new Worker(CODE, {
      workerData: { url },
      resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MIB },
    });
    own.unref();
    own.on('message', (message: ConsoleAnswer) => hear(message));
    let cause: unknown = null;
    own.on('error', (error) => {
      cause = error;
    });
    own.on('exit', () => {
      if (worker === own) worker = null;
      fail(ended(cause));
    });
    return own;
  }

  function hear(message: ConsoleAnswer): void {
    const one = waiting.get(message.number);
    waiting.delete(message.number);
    if ('error' in message) one?.reject(message.error);
    else one?.resolve(message.answer);
  }

  function fail(error: unknown): void {
    for (const one of waiting.values()) one.reject(error);
    waiting.clear();
  }

  const ask =
    (name: keyof Asks) =>
    (argument: unknown): Promise<never> =>
      new Promise<unknown>((resolve, reject) => {
        asked += 1;
        waiting.set(asked, { resolve, reject });
        worker ??= started();
        worker.postMessage({ number: asked, ask: name, asked: argument } satisfies ConsoleQuestion);
        // What comes back is what the function of this name answers.
      }) as Promise<never>;

  return {
    asks: {
      month: ask('month'),
      spentByTeam: ask('spentByTeam'),
      spentByHour: ask('spentByHour'),
      decisions: ask('decisions'),
      ruleUses: ask('ruleUses'),
      unread: ask('unread'),
      sunset: ask('sunset'),
    },
    async close() {
      const last = worker;
      worker = null;
      await last?.terminate();
      fail(ended(null));
    },
  };
}

function ended(cause: unknown): LedgerError {
  return new LedgerError(
    'closed',
    `What was asked of the ledger was not answered: the thread ended${cause === null ? '' : ` (${String(cause)})`}.`,
    'Ask again; where it happens again, look at the log.',
    { cause },
  );
}
