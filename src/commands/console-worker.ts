import { parentPort, workerData } from 'node:worker_threads';
import type { Asks } from '../console/asks.ts';
import { openReadOnly } from '../ledger/read-only.ts';
import { consoleAnswers } from './console-answers.ts';

/** What is asked of the thread, and what it says; answers come in any order. */
export interface ConsoleQuestion {
  readonly number: number;
  readonly ask: keyof Asks;
  readonly asked: unknown;
}
export type ConsoleAnswer =
  | { readonly number: number; readonly answer: unknown }
  | { readonly number: number; readonly error: unknown };

const port = parentPort;
if (port === null) throw new Error('this is the code of a thread that sums up; it does not run alone');

// Given by the thread that started this one, which is the only one that can.
const { url } = workerData as { readonly url: string };

const ledger = await openReadOnly(url);
const answers = consoleAnswers(ledger.read);

port.on('message', async ({ number, ask, asked }: ConsoleQuestion) => {
  const say = (message: ConsoleAnswer) => port.postMessage(message);
  try {
    // The pair of question and argument is typed where it is asked.
    const answer = await (answers[ask] as (asked: unknown) => Promise<unknown>)(asked);
    say({ number, answer });
  } catch (error) {
    say({ number, error });
  }
});
