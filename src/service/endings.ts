import { errorMessage } from '../text/error-message.ts';

/** What closes something that was opened. */
export type Ending = () => unknown;

/**
 * Ends all, one after the other, the last that was opened first, whatever one of them throws; each is ended once.
 * @throws what one threw, once all have ended; an AggregateError where several did
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

/** Ends all at the same time, and fails as `endAll` does. */
export async function endTogether(endings: readonly Ending[]): Promise<void> {
  const outcomes = await Promise.allSettled(endings.map(async (end) => end()));
  throwAll(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])));
}
