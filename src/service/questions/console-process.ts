import { type Child, type ChildOptions, moduleBeside, startChild } from '../../foundation/children/child.ts';
import { startTimeLimit, type TimeLimit } from '../../foundation/waiting/time-limit.ts';
import { LedgerError } from '../../ledger/errors.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { isShared } from '../../ledger/read-only.ts';
import type { Questions } from './answers.ts';
import type {
  ConsoleAnswer,
  ConsoleLedger,
  ConsoleMessage,
  ConsoleQuestion,
} from './console-process-main.ts';

const CODE = moduleBeside(import.meta.url, 'console-process-main');

/**
 * A month of a million queries needs a few dozen MiB. A process that wants more is ended; the proxy is not affected.
 */
const MAX_HEAP_MIB = 512;

/**
 * The only environment variables that the process gets: how to reach a PostgreSQL server, and where certificates are.
 */
const INHERITED_VARIABLES = /^(PG[A-Z]+|NODE_EXTRA_CA_CERTS|HOME|TZ)$/;

/** How long a process may have questions and say nothing, in milliseconds: neither an answer nor that it works on one. */
export interface SilenceLimits {
  readonly lookupsMs: number;
  readonly sumsMs: number;
}

/** Nothing is said during a statement on SQLite. One that looks up takes moments; one of sums reads up to 100,000 queries. */
const SILENCE: SilenceLimits = { lookupsMs: 30_000, sumsMs: 600_000 };

/** Answers the questions of the console and of the API outside the process that guards queries. */
export interface ConsoleProcesses {
  readonly questions: Questions;
  close(): Promise<void>;
}

/**
 * Processes with their own connections to the ledger: SQLite answers on the calling thread, so a sum over a month would
 * block queries for as long as it takes. One looks up decisions, sums up a day and draws charts, the other computes longer
 * sums, so that nothing quick waits for those. Each starts with its first question.
 * @param url the ledger's address in the settings; a ledger that only this process can see is asked in this process
 */
export async function createConsoleProcesses(
  url: string,
  ledger: Ledger,
  { lookupsMs, sumsMs }: SilenceLimits = SILENCE,
): Promise<ConsoleProcesses> {
  if (!isShared(url)) {
    const { consoleAnswers } = await import('./answers.ts');
    return { questions: consoleAnswers(ledger.read), close: async () => undefined };
  }
  const lookups = createProcess(url, lookupsMs);
  const sums = createProcess(url, sumsMs);
  return {
    questions: {
      decisions: lookups.ask('decisions'),
      month: sums.ask('month'),
      spend: sums.ask('spend'),
      spendByTeam: lookups.ask('spendByTeam'),
      spendByHour: sums.ask('spendByHour'),
      ruleUses: sums.ask('ruleUses'),
      unreadUses: sums.ask('unreadUses'),
      savings: sums.ask('savings'),
      tableReads: sums.ask('tableReads'),
      sunset: sums.ask('sunset'),
      burnDown: lookups.ask('burnDown'),
      columns: lookups.ask('columns'),
    },
    async close() {
      await Promise.all([lookups.close(), sums.close()]);
    },
  };
}

interface AnsweringProcess {
  /** Resolves to what the function of this name answers. */
  ask(name: keyof Questions): (argument: unknown) => Promise<never>;
  close(): Promise<void>;
}

/**
 * If the process breaks, or has questions and says nothing for too long, its open questions fail, and the next question
 * starts another process.
 */
function createProcess(url: string, silenceMs: number): AnsweringProcess {
  const open = createOpenQuestions();
  let child: Child | null = null;
  let silence: TimeLimit | null = null;
  let isClosed = false;

  function start(): Child {
    const own = startChild<ConsoleMessage>(CODE, childOptions(), {
      onMessage(message) {
        if (child !== own) return;
        if (message !== 'working') open.answer(message);
        limitSilence();
      },
      onEnd(how) {
        if (child === own) lose(how);
      },
    });
    // It does not keep this process from ending.
    own.unref();
    own.send({ url } satisfies ConsoleLedger);
    return own;
  }

  /** From now on it has this long until it says something, if an answer is wanted. */
  function limitSilence(): void {
    silence?.cancel();
    silence = open.isEmpty() ? null : startTimeLimit(silenceMs, endSilent, { keepsAlive: false });
  }

  function endSilent(): void {
    void child?.end();
    lose(`said nothing for ${silenceMs / 1000} s, and was ended`);
  }

  function lose(how: string): void {
    child = null;
    open.failAll(`the process that reads it ${how}`);
    limitSilence();
  }

  return {
    ask: (name) => async (argument) => {
      if (isClosed) throw failure('guardrail stops');
      const { number, answer } = open.add();
      child ??= start();
      child.send({ number, question: name, argument } satisfies ConsoleQuestion);
      if (silence === null) limitSilence();
      return answer;
    },
    async close() {
      isClosed = true;
      const last = child;
      child = null;
      open.failAll('guardrail stops');
      limitSilence();
      await last?.end();
    },
  };
}

function childOptions(): ChildOptions {
  return {
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => INHERITED_VARIABLES.test(name))),
    maxHeapMib: MAX_HEAP_MIB,
  };
}

/** Questions without an answer yet, by number. */
function createOpenQuestions() {
  const open = new Map<number, PromiseWithResolvers<never>>();
  let count = 0;
  return {
    add(): { readonly number: number; readonly answer: Promise<never> } {
      count += 1;
      const question = Promise.withResolvers<never>();
      open.set(count, question);
      return { number: count, answer: question.promise };
    },
    answer(message: ConsoleAnswer): void {
      const question = open.get(message.number);
      open.delete(message.number);
      if ('problem' in message) question?.reject(failure(message.problem));
      // The process answers each question with what the function of its name returns.
      else question?.resolve(message.answer as never);
    },
    isEmpty: () => open.size === 0,
    failAll(problem: string): void {
      for (const question of open.values()) question.reject(failure(problem));
      open.clear();
    },
  };
}

function failure(problem: string): LedgerError {
  return new LedgerError(
    'failed',
    `The ledger did not answer: ${problem.replace(/\.$/, '')}.`,
    'Queries still run; try again, and if the problem persists, check the ledger.',
  );
}
