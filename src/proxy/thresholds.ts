import type { Budgets, SettledQuery } from '../budget/budgets.ts';
import type { Notices } from '../notices/notices.ts';

/** Has budgets checked that queries were settled against: one of them may have reached a threshold. */
export interface Thresholds {
  /** Has the budgets of a settled query checked soon, together with those of other queries. */
  look(query: SettledQuery): void;
  /** Checks at once what is left to check. Never rejects. */
  drained(): Promise<void>;
}

interface ThresholdParts {
  readonly budgets: Pick<Budgets, 'standingAfter'>;
  readonly notices: Pick<Notices, 'check'>;
  /** Called when budgets could not be read; the next settlement checks again. */
  readonly onError: (error: unknown) => void;
}

/** Nobody notices whether a notice is that much later, and budgets are read ten times a second at the most. */
const GATHERING_MS = 100;

export function createThresholds({ budgets, notices, onError }: ThresholdParts): Thresholds {
  let gathered: SettledQuery[] = [];
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> = Promise.resolve();

  function lookNow(): void {
    const queries = gathered;
    gathered = [];
    timer = null;
    looking = looking.then(() => lookAt(queries));
  }

  async function lookAt(queries: readonly SettledQuery[]): Promise<void> {
    try {
      await notices.check(await budgets.standingAfter(queries), Date.now());
    } catch (error) {
      onError(error);
    }
  }

  return {
    look({ coverages, atMs }) {
      const watched = coverages.filter(({ budget }) => budget.warnAt.length > 0);
      if (watched.length === 0) return;
      gathered.push({ coverages: watched, atMs });
      timer ??= setTimeout(lookNow, GATHERING_MS);
    },
    async drained() {
      if (timer !== null) {
        clearTimeout(timer);
        lookNow();
      }
      await looking;
    },
  };
}
