import { flushCompileCache } from 'node:module';
import { constants, setPriority } from 'node:os';
import { errorMessage } from '../../foundation/text/error-message.ts';
import { openReadOnly } from '../../ledger/read-only.ts';
import { consoleAnswers, type Questions } from './answers.ts';

/** A question to the process; the address of the ledger comes before the first one. */
export interface ConsoleQuestion {
  readonly number: number;
  readonly question: keyof Questions;
  readonly argument: unknown;
}

/** Its answers, in any order. Errors travel as their messages. */
export type ConsoleAnswer =
  | { readonly number: number; readonly answer: unknown }
  | { readonly number: number; readonly problem: string };

/** What it sends: an answer, or that it still works on some. */
export type ConsoleMessage = ConsoleAnswer | 'working';

/** A sum over a large ledger may take many minutes; a process that is stuck does not say that it works. */
const SAY_EVERY_MS = 2_000;

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
  const reply = (answer: ConsoleMessage) => process.send?.(answer);
  const working = setInterval(reply, SAY_EVERY_MS, 'working');
  try {
    const { read } = await openedLedger();
    // The pairing of question and argument is type-checked on the asking side.
    const answer = consoleAnswers(read)[question] as (argument: unknown) => Promise<unknown>;
    reply({ number, answer: await answer(argument) });
  } catch (error) {
    reply({ number, problem: errorMessage(error) });
  } finally {
    clearInterval(working);
  }
});

// This process is ended by SIGKILL, and only a normal exit would save Node's compile cache for the next one.
flushCompileCache();

// The process that asks is gone.
process.on('disconnect', () => process.exit());
