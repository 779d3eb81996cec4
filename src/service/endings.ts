import { errorMessage } from '../foundation/text/error-message.ts';

/** Closes something that was opened. */
export type Ending = () => unknown;

/**
 * Runs all endings one after the other, last opened first, even if one throws. Each runs only once.
 * @throws what one of them threw, once all have run; an AggregateError if several did
 */
export async function endAll(endings: Ending[]): Promise<void> {
  const failures: unknown[] = [];
  for (let end = endings.pop(); end !== undefined; end = endings.pop()) {
    try {
      await end();
    } catch (error) {
      failures.push(error);
    }
  }
  throwAll(failures);
}

function throwAll(failures: readonly unknown[]): void {
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, failures.map(errorMessage).join('\n'));
}

/** Runs all endings at the same time, and fails as `endAll` does. */
export async function endTogether(endings: readonly Ending[]): Promise<void> {
  const outcomes = await Promise.allSettled(endings.map(async (end) => end()));
  throwAll(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])));
}
