import type { Budgets } from '../budget/budgets.ts';
import type { Replica } from '../budget/replicas.ts';
import type { Notices } from '../notices/notices.ts';
import type { Budget } from '../vocabulary/budget.ts';

/** Of a budget that is kept apart by person and the like, so many accounts, those first that have spent most. */
const MOST_ACCOUNTS = 100;

export interface ThresholdUpkeepParts {
  readonly budgets: Pick<Budgets, 'standing'>;
  readonly notices: Pick<Notices, 'check'>;
  readonly replica: Pick<Replica, 'isEldest'>;
  readonly watch: { readonly current: () => { readonly budgets: readonly Budget[] } };
}

/**
 * Looks whether budgets have reached thresholds that no query's settlement has told of: what a query came to may be
 * entered long after it, from the spool, by whoever finds its job, by assumption or by reconciliation. Of several
 * processes the eldest looks. Windows that are over by then are not told of.
 * @throws LedgerError where budgets cannot be read
 */
export async function checkThresholds(
  { budgets, notices, replica, watch }: ThresholdUpkeepParts,
  nowMs: number,
): Promise<void> {
  const watched = watch.current().budgets.filter(({ warnAt }) => warnAt.length > 0);
  if (watched.length === 0 || !(await replica.isEldest(nowMs))) return;
  await notices.check(await budgets.standing(watched, nowMs, MOST_ACCOUNTS), nowMs);
}
