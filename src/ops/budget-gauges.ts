import type { Logger } from 'pino';
import { MICROS_PER_UNIT } from '../vocabulary/money.ts';
import type { BudgetBalance } from '../vocabulary/spend.ts';
import type { OpsSources } from './sources.ts';

/**
 * Sets the budget gauges to how the budgets stand now. Done at each scrape, so that a new day shows as one even
 * where no query has come yet.
 */
export async function budgetGauges(sources: OpsSources, log: Logger): Promise<void> {
  let balances: readonly BudgetBalance[];
  try {
    balances = await sources.budgets.balances(sources.policy().budgets, Date.now());
  } catch (error) {
    sources.metrics.ledgerErrors.inc({ operation: 'balances' });
    log.error({ err: error }, 'the budgets could not be read for the metrics');
    return;
  }
  const { budgetLimit, budgetUsed, budgetReserved } = sources.metrics;
  for (const metric of [budgetLimit, budgetUsed, budgetReserved]) metric.reset();
  for (const balance of balances) {
    const labels = labelsOf(balance);
    budgetLimit.set(labels, inBaseUnits(balance, balance.limit));
    budgetUsed.set(labels, inBaseUnits(balance, balance.used));
    budgetReserved.set(labels, inBaseUnits(balance, balance.reserved));
  }
}

function labelsOf({ budget }: BudgetBalance) {
  const unit = budget.limit.measure === 'bytes' ? 'bytes' : budget.limit.money.currency;
  return { budget: budget.name, team: budget.team, window: budget.window, unit };
}

function inBaseUnits({ budget }: BudgetBalance, amount: bigint): number {
  return budget.limit.measure === 'bytes' ? Number(amount) : Number(amount) / Number(MICROS_PER_UNIT);
}
