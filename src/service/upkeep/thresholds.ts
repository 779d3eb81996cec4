import type { Budgets } from '../../budget/budgets.ts';
import type { Replica } from '../../budget/replicas.ts';
import type { Notices } from '../../notices/notices.ts';
import type { Budget } from '../../vocabulary/budget.ts';

/**
 * If a budget has an account per person or similar, this many accounts are checked, those with the most spend first.
 */
const MAX_ACCOUNTS = 100;

export interface ThresholdUpkeepParts {
  readonly budgets: Pick<Budgets, 'standing'>;
  readonly notices: Pick<Notices, 'check'>;
  readonly replica: Pick<Replica, 'isEldest'>;
  readonly watch: { readonly current: () => { readonly budgets: readonly Budget[] } };
}

/**
 * Checks for thresholds that no query's settlement has reported: a settlement may be entered long after its query, from
 * the spool, by whoever finds its job, by assumption or by reconciliation. Of several processes, the eldest checks.
 * Windows that are over by then are not reported.
 * @throws LedgerError if budgets cannot be read
 */
export async function checkThresholds(
  { budgets, notices, replica, watch }: ThresholdUpkeepParts,
  nowMs: number,
): Promise<void> {
  const watched = watch.current().budgets.filter(({ warnAt }) => warnAt.length > 0);
  if (watched.length === 0 || !(await replica.isEldest(nowMs))) return;
  await notices.check(await budgets.standing(watched, nowMs, MAX_ACCOUNTS), nowMs);
}
