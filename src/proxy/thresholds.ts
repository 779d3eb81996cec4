import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Budgets, SettledQuery } from '../budget/budgets.ts';
import type { Notices } from '../notices/notices.ts';

/** Checks whether budgets have reached a threshold. */
export interface Thresholds {
  /**
   * Checks the budgets of a settled query, once for all that were settled together. Never rejects, and nobody needs to
   * wait for it.
   */
  look(query: SettledQuery): Promise<void>;
}

/** Checks after each settlement whether a budget has reached a threshold. */
export interface ThresholdParts {
  readonly budgets: Pick<Budgets, 'standingAfter'>;
  readonly notices: Pick<Notices, 'check'>;
  /** Called when budgets could not be read; the next settlement checks again. */
  readonly onError: (error: unknown) => void;
}

export function createThresholds({ budgets, notices, onError }: ThresholdParts): Thresholds {
  let gathered: SettledQuery[] = [];
  let looking: Promise<void> | null = null;

  async function lookAtAll(): Promise<void> {
    // The queries of one batch all get to know of it in this turn of the event loop.
    await nextTurn();
    const queries = gathered;
    gathered = [];
    looking = null;
    try {
      await notices.check(await budgets.standingAfter(queries), Date.now());
    } catch (error) {
      onError(error);
    }
  }

  return {
    async look({ coverages, atMs }) {
      const watched = coverages.filter(({ budget }) => budget.warnAt.length > 0);
      if (watched.length === 0) return;
      gathered.push({ coverages: watched, atMs });
      looking ??= lookAtAll();
      await looking;
    },
  };
}
