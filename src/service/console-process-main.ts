import { flushCompileCache } from 'node:module';
import { constants, setPriority } from 'node:os';
import type { ConsoleQuestions } from '../console/questions.ts';
import { openReadOnly } from '../ledger/read-only.ts';
import { errorMessage } from '../text/error-message.ts';
import { consoleAnswers } from './console-answers.ts';

/** A question to the process; the address of the ledger comes before the first one. */
export interface ConsoleQuestion {
  readonly number: number;
  readonly question: keyof ConsoleQuestions;
  readonly argument: unknown;
}

/** Its answers, in any order. Errors travel as their messages. */
export type ConsoleAnswer =
  | { readonly number: number; readonly answer: unknown }
  | { readonly number: number; readonly problem: string };

/** Sent first, over the same channel as questions: command-line arguments are visible to other users of the machine. */
export interface ConsoleLedger {
  readonly url: string;
}

// Queries have priority; sums get what is left of the processors.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

let url: string | null = null;
let ledger: ReturnType<typeof openReadOnly> | null = null;

/** Opens it for the first question, and again if that failed: the ledger may be back. */
function openedLedger(): ReturnType<typeof openReadOnly> {
  if (url === null) throw new Error('the process was asked before it was told of its ledger');
  ledger ??= openReadOnly(url).catch((error: unknown) => {
    ledger = null;
    throw error;
  });
  return ledger;
}

process.on('message', async (message: ConsoleLedger | ConsoleQuestion) => {
  if ('url' in message) {
    url = message.url;
    return;
  }
  const { number, question, argument } = message;
  const reply = (answer: ConsoleAnswer) => process.send?.(answer);
  try {
    const { read } = await openedLedger();
    // The pairing of question and argument is type-checked on the asking side.
    const answer = consoleAnswers(read)[question] as (argument: unknown) => Promise<unknown>;
    reply({ number, answer: await answer(argument) });
  } catch (error) {
    reply({ number, problem: errorMessage(error) });
  }
});

// This process is ended by SIGKILL, and only a normal exit would save Node's compile cache for the next one.
flushCompileCache();

// The process that asks is gone.
process.on('disconnect', () => process.exit());
