import { type Child, moduleBeside, startChild } from '../children/child.ts';
import type { Asks } from '../console/asks.ts';
import { LedgerError } from '../ledger/errors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { isShared } from '../ledger/read-only.ts';
import type { ConsoleAnswer, ConsoleLedger, ConsoleQuestion } from './console-process-main.ts';

const CODE = moduleBeside(import.meta.url, 'console-process-main');

/** A month of a million queries needs some tens; a process that wants more is ended, and the proxy is not. */
const MOST_HEAP_MIB = 512;

/** What a child may know of the environment: how to reach a PostgreSQL server, and where certificates are. */
const PASSED_ON = /^(PG[A-Z]+|NODE_EXTRA_CA_CERTS|HOME|TZ)$/;

/** Answers what the console asks, apart from the process that guards queries. */
export interface ConsoleProcesses {
  readonly asks: Asks;
  close(): Promise<void>;
}

/**
 * Processes with connections of their own to the ledger: SQLite answers on the thread that asks, and a sum over a month
 * would hold up queries for as long. One looks decisions up, the other sums up, so that nobody who looks waits for a
 * sum. Each starts with its first question.
 * @param url as the settings name the ledger; what only this process can see is answered here
 */
export async function createConsoleProcesses(url: string, ledger: Ledger): Promise<ConsoleProcesses> {
  if (!isShared(url)) {
    const { consoleAnswers } = await import('./console-answers.ts');
    return { asks: consoleAnswers(ledger.read), close: async () => undefined };
  }
  const looks = createProcess(url);
  const sums = createProcess(url);
  return {
    asks: {
      decisions: looks.ask('decisions'),
      month: sums.ask('month'),
      spentByTeam: looks.ask('spentByTeam'),
      spentByHour: sums.ask('spentByHour'),
      ruleUses: sums.ask('ruleUses'),
      unread: sums.ask('unread'),
      savings: sums.ask('savings'),
      sunset: sums.ask('sunset'),
    },
    async close() {
      await Promise.all([looks.close(), sums.close()]);
    },
  };
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

interface AnsweringProcess {
  /** What comes back is what the function of this name answers. */
  ask(name: keyof Asks): (asked: unknown) => Promise<never>;
  close(): Promise<void>;
}

/** One that breaks fails what was asked of it, and the next question starts another. */
function createProcess(url: string): AnsweringProcess {
  const waiting = new Map<number, Waiting>();
  let count = 0;
  let child: Child | null = null;
  let isClosed = false;

  function started(): Child {
    const own = startChild<ConsoleAnswer>(
      CODE,
      {
        env: Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED_ON.test(name))),
        mostHeapMib: MOST_HEAP_MIB,
      },
      {
        onMessage: hear,
        onEnd(how) {
          if (child !== own) return;
          child = null;
          fail(`the process that reads it ${how}`);
        },
      },
    );
    // It holds nothing up when this process is done.
    own.idle();
    own.send({ url } satisfies ConsoleLedger);
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

  return {
    ask: (name) => (asked) =>
      new Promise<unknown>((resolve, reject) => {
        if (isClosed) return reject(failure('the guardrail stops'));
        count += 1;
        waiting.set(count, { resolve, reject });
        child ??= started();
        child.send({ number: count, ask: name, asked } satisfies ConsoleQuestion);
      }) as Promise<never>,
    async close() {
      isClosed = true;
      const last = child;
      child = null;
      fail('the guardrail stops');
      await last?.end();
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
