import { flushCompileCache } from 'node:module';
import { constants, setPriority } from 'node:os';
import type { Asks } from '../console/asks.ts';
import { openReadOnly } from '../ledger/read-only.ts';
import { errorMessage } from '../text/error-message.ts';
import { consoleAnswers } from './console-answers.ts';

/** What is asked of the process, after the address of its ledger. */
export interface ConsoleQuestion {
  readonly number: number;
  readonly ask: keyof Asks;
  readonly asked: unknown;
}

/** What it says, in any order. Errors travel as their messages. */
export type ConsoleAnswer =
  | { readonly number: number; readonly answer: unknown }
  | { readonly number: number; readonly problem: string };

/** Comes first, by the same way as questions: what stands in arguments can be seen by other users of a machine. */
export interface ConsoleLedger {
  readonly url: string;
}

// Queries come first: what is left of the processors is for sums.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

let ledger: ReturnType<typeof openReadOnly> | null = null;

process.on('message', async (message: ConsoleLedger | ConsoleQuestion) => {
  if ('url' in message) {
    ledger = openReadOnly(message.url);
    // Whoever asks is told why it cannot be read.
    ledger.catch(() => undefined);
    return;
  }
  const { number, ask, asked } = message;
  const say = (answer: ConsoleAnswer) => process.send?.(answer);
  try {
    if (ledger === null) throw new Error('the process was asked before it was told of its ledger');
    // The pair of question and argument is typed where it is asked.
    const answer = consoleAnswers((await ledger).read)[ask] as (asked: unknown) => Promise<unknown>;
    say({ number, answer: await answer(asked) });
  } catch (error) {
    say({ number, problem: errorMessage(error) });
  }
});

// This process is ended by SIGKILL, and only an end of its own would save what Node compiled for the next.
flushCompileCache();

// Nobody is there to answer any more.
process.on('disconnect', () => process.exit());
