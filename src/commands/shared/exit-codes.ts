import type { CommanderError } from 'commander';
import { errorMessage } from '../../foundation/text/error-message.ts';

/** What cron, CI and scripts go by: all is well, something is wrong, or it could not be determined. */
export const EXIT_OK = 0;
/** The exit code if something is not as it should be. */
export const EXIT_WRONG = 1;
/** The exit code if that could not be determined, which must never be taken for a good verdict. */
const EXIT_UNDETERMINED = 2;

/**
 * Runs a check, and exits with its verdict.
 * @param work resolves to the exit code; if it throws, the error is shown and the verdict is that nothing could be
 * determined
 * @param lead a sentence that says what could not be determined, shown before the reason
 */
export async function exitWith(work: () => Promise<number>, lead?: string): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (error) {
    process.stderr.write(`${lead === undefined ? '' : `${lead} `}${errorMessage(error)}\n`);
    process.exitCode = EXIT_UNDETERMINED;
  }
}

/** A wrong option must not look like a fault in what was to be checked. */
export function exitOnUsageError(error: CommanderError): never {
  process.exit(error.exitCode === 0 ? EXIT_OK : EXIT_UNDETERMINED);
}
