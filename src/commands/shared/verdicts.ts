import type { CommanderError } from 'commander';
import { errorMessage } from '../../text/error-message.ts';

/** What cron, CI and scripts go by: all is well, something is wrong, or it could not be told. */
export const WELL = 0;
/** The exit code where what was looked at is not as it should be. */
export const WRONG = 1;
/** The exit code where that could not be found out: never to be taken for a good verdict. */
const COULD_NOT_TELL = 2;

/**
 * Runs what finds out whether something is well, and exits by what it found.
 * @param work resolves to the exit code; what it throws is told, and means that nothing could be found out
 * @param lead a sentence of what could not be found out, which is told before why
 */
export async function exitBy(work: () => Promise<number>, lead?: string): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (error) {
    process.stderr.write(`${lead === undefined ? '' : `${lead} `}${errorMessage(error)}\n`);
    process.exitCode = COULD_NOT_TELL;
  }
}

/** A wrong option must not look like something that is wrong with what was to be looked at. */
export function exitAs(error: CommanderError): never {
  process.exit(error.exitCode === 0 ? WELL : COULD_NOT_TELL);
}
