import type { Logger } from 'pino';
import type { Metrics } from '../../metrics/metrics.ts';
import { baseUnitOf, inBaseUnits, rollingHours, unitOf } from '../../vocabulary/budget.ts';
import type { BudgetBalance } from '../../vocabulary/spend.ts';
import { soon } from '../silent-ledger.ts';
import type { OpsSources } from '../sources.ts';

interface GaugeSources extends Pick<OpsSources, 'metrics'> {
  readonly budgets: Pick<OpsSources['budgets'], 'standing'>;
  readonly policy: () => Pick<ReturnType<OpsSources['policy']>, 'budgets'>;
}

/**
 * Sets the budget gauges to the current state. If a budget is split by person or the like, the account with the most
 * spend stands for all of them, since callers can make up any number of persons. Done at each scrape, so that a new day
 * shows even before its first query.
 */
export async function budgetGauges(sources: GaugeSources, log: Logger): Promise<void> {
  let balances: readonly BudgetBalance[];
  try {
    balances = await soon(sources.budgets.standing(sources.policy().budgets, Date.now(), 1));
  } catch (error) {
    sources.metrics.ledgerErrors.inc({ operation: 'balances' });
    log.error({ err: error }, 'the budgets could not be read for the metrics');
    return;
  }
  const { budgetLimit, budgetUsed, budgetReserved, budgetWindow, budgetWindowEnd } = sources.metrics;
  for (const metric of [budgetLimit, budgetUsed, budgetReserved, budgetWindow, budgetWindowEnd])
    metric.reset();
  for (const balance of balances) {
    const labels = labelsOf(balance);
    const inUnits = (amount: bigint) => inBaseUnits(unitOf(balance.budget.limit), amount);
    budgetLimit.set(labels, inUnits(balance.limit));
    budgetUsed.set(labels, inUnits(balance.used));
    budgetReserved.set(labels, inUnits(balance.reserved));
    windowGauges(balance, labels, sources.metrics);
  }
}

/**
 * How long the window is, and when it ends. A rolling window has no end, and limits of queries at once have no window.
 */
function windowGauges(
  { budget, window }: BudgetBalance,
  labels: ReturnType<typeof labelsOf>,
  { budgetWindow, budgetWindowEnd }: Metrics,
): void {
  if (budget.window === 'now') return;
  const hours = rollingHours(budget.window);
  budgetWindow.set(labels, hours === null ? (window.endMs - window.startMs) / 1000 : hours * 3600);
  if (hours === null) budgetWindowEnd.set(labels, window.endMs / 1000);
}

function labelsOf({ budget }: BudgetBalance) {
  return {
    budget: budget.name,
    team: budget.subject.team ?? '',
    window: budget.window,
    unit: baseUnitOf(unitOf(budget.limit)),
  };
}
