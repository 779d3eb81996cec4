import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Asks } from '../console/asks.ts';
import { LedgerError } from '../ledger/errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { isShared } from '../ledger/read-only.ts';
import { consoleAnswers } from './console-answers.ts';
import type { ConsoleAnswer, ConsoleLedger, ConsoleQuestion } from './console-process-main.ts';

const CODE = new URL('./console-process-main.ts', import.meta.url);

/** A month of a million queries needs some tens; a process that wants more is ended, and the proxy is not. */
const MOST_HEAP_MIB = 512;

/** What the child may know of the environment: how to reach a PostgreSQL server, and where certificates are. */
const PASSED_ON = /^(PG[A-Z]+|NODE_EXTRA_CA_CERTS|HOME|TZ)$/;

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

/** Answers what the console asks, apart from the process that guards queries. */
export interface ConsoleProcess {
  readonly asks: Asks;
  close(): Promise<void>;
}

/**
 * A process with a connection of its own to the ledger: SQLite answers on the thread that asks, and a sum over a month
 * would hold up queries for as long. It starts with the first question. One that breaks fails what was asked of it, and
 * the next question starts another.
 * @param url as the settings name the ledger; what only this process can see is answered here
 */
export function createConsoleProcess(url: string, ledger: Ledger): ConsoleProcess {
  if (!isShared(url)) return { asks: consoleAnswers(ledger.read), close: async () => undefined };
  const waiting = new Map<number, Waiting>();
  let count = 0;
  let child: ChildProcess | null = null;
  let isClosed = false;

  function started(): ChildProcess {
    const own = fork(CODE, [], {
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${MOST_HEAP_MIB}`, '--disable-warning=ExperimentalWarning'],
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name))),
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    own.on('message', hear);
    const onEnd = (cause: string) => {
      if (child !== own) return;
      child = null;
      fail(`the process that reads it ${cause}`);
    };
    own.on('error', (error) => onEnd(`could not start: ${error.message}`));
    own.on('exit', (code, signal) => onEnd(`ended with ${signal ?? code}`));
    // It holds nothing up when this process is done.
    own.unref();
    own.channel?.unref();
    own.send({ url } satisfies ConsoleLedger, () => undefined);
    return own;
  }

  function hear(message: ConsoleAnswer): void {
    const one = waiting.get(message.number);
    waiting.delete(message.number);
    if ('problem' in message) one?.reject(failure(message.problem));
    else one?.resolve(message.answer);
  }

  function fail(problem: string): void {
    for (const one of waiting.values()) one.reject(failure(problem));
    waiting.clear();
  }

  function ask(name: keyof Asks) {
    return (asked: unknown): Promise<never> =>
      new Promise<unknown>((resolve, reject) => {
        if (isClosed) return reject(failure('the guardrail stops'));
        count += 1;
        waiting.set(count, { resolve, reject });
        child ??= started();
        // Where it cannot be sent, the process ends.
        child.send({ number: count, ask: name, asked } satisfies ConsoleQuestion, () => undefined);
        // What comes back is what the function of this name answers.
      }) as Promise<never>;
  }

  return {
    asks: {
      month: ask('month'),
      spentByTeam: ask('spentByTeam'),
      spentByHour: ask('spentByHour'),
      decisions: ask('decisions'),
      ruleUses: ask('ruleUses'),
      unread: ask('unread'),
      savings: ask('savings'),
      sunset: ask('sunset'),
    },
    async close() {
      isClosed = true;
      const last = child;
      child = null;
      fail('the guardrail stops');
      if (last === null || last.exitCode !== null || last.signalCode !== null) return;
      const ended = once(last, 'exit');
      last.kill();
      await ended;
    },
  };
}

function failure(problem: string): LedgerError {
  return new LedgerError(
    'failed',
    `What the console asked of the ledger was not answered: ${problem}.`,
    'Queries go on; ask again, and where it stays so, look at the ledger.',
  );
}
