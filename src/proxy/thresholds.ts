import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Budgets, SettledQuery } from '../budget/budgets.ts';
import type { Notices } from '../notices/notices.ts';

/** Looks whether budgets have reached what is to be told of. */
export interface Thresholds {
  /**
   * Looks at the budgets of a query that is settled: once for all that were settled together. Never rejects, and
   * nobody needs to wait for it.
   */
  look(query: SettledQuery): Promise<void>;
}

/** What looks after each settlement whether a budget has reached a threshold. */
export interface ThresholdParts {
  readonly budgets: Pick<Budgets, 'standingAfter'>;
  readonly notices: Pick<Notices, 'check'>;
  /** Told why budgets could not be read; the next settlement looks again. */
  readonly onError: (error: unknown) => void;
}

export function createThresholds({ budgets, notices, onError }: ThresholdParts): Thresholds {
  let gathered: SettledQuery[] = [];
  let looking: Promise<void> | null = null;

  async function lookAtAll(): Promise<void> {
    // What is written in one batch is told to all of its queries in this turn.
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
