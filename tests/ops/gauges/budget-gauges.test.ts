import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createMetrics } from '../../../src/metrics/metrics.ts';
import { budgetGauges } from '../../../src/ops/gauges/budget-gauges.ts';
import type { BudgetLimit } from '../../../src/vocabulary/budget.ts';
import type { BudgetBalance } from '../../../src/vocabulary/spend.ts';
import { brlLimit, budget, bytesLimit } from '../../budget/builders.ts';

function balanceOf(limit: BudgetLimit, amount: bigint): BudgetBalance {
  return {
    budget: budget({ name: 'b', subject: {}, limit }),
    account: '',
    window: { key: '2026-11-24', startMs: 0, endMs: 86_400_000 },
    limit: amount,
    granted: 0n,
    used: 0n,
    reserved: 0n,
  };
}

async function limitsShown(...balances: readonly BudgetBalance[]): Promise<readonly string[]> {
  const metrics = createMetrics();
  const budgets = { standing: async () => balances };
  await budgetGauges({ budgets, policy: () => ({ budgets: [] }), metrics }, pino({ level: 'silent' }));
  const text = await metrics.registry.metrics();
  return text.split('\n').filter((line) => line.startsWith('guardrail_budget_limit{'));
}

test.each<[string, BudgetLimit, bigint, string]>([
  ['bytes', bytesLimit(1000n), 1000n, '1000'],
  ['BRL', brlLimit(2_500_000n), 2_500_000n, '2.5'],
  ['slot-seconds', { measure: 'slot time', slotMs: 7_200_000n }, 7_200_000n, '7200'],
  ['queries', { measure: 'queries', queries: 5n }, 5n, '5'],
])('a budget limit is exported in the unit of its label: %s', async (unit, limit, amount, value) => {
  const shown = await limitsShown(balanceOf(limit, amount));

  expect(shown).toEqual([`guardrail_budget_limit{budget="b",team="",window="day",unit="${unit}"} ${value}`]);
});

test('a ledger that hangs keeps a scrape waiting for two seconds, and counts as an error', async () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const metrics = createMetrics();
  const budgets = { standing: () => new Promise<never>(() => undefined) };

  const set = budgetGauges({ budgets, policy: () => ({ budgets: [] }), metrics }, pino({ level: 'silent' }));
  await vi.advanceTimersByTimeAsync(2_001);
  await set;

  expect(await metrics.registry.metrics()).toContain('guardrail_ledger_errors_total{operation="balances"} 1');
});
