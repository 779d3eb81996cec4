import { expect, test } from 'vitest';
import { createMetrics } from '../../../src/metrics/metrics.ts';
import type { SavingRow } from '../../../src/reports/savings/saving.ts';
import { savingsGauges } from '../../../src/service/upkeep/savings-gauges.ts';

function row(changes: Partial<SavingRow> = {}): SavingRow {
  return {
    keys: ['atendimento'],
    cause: 'refusal',
    currency: 'USD',
    needs: 1,
    attempts: 1,
    estimatedBytes: 1000n,
    estimatedCostMicros: 2_500_000n,
    savedBytes: 1000n,
    savedCostMicros: 2_500_000n,
    ...changes,
  };
}

async function gaugesAfter(...rounds: readonly (readonly SavingRow[])[]): Promise<readonly string[]> {
  const metrics = createMetrics();
  for (const rows of rounds) {
    const monthSavings = { soFar: async () => rows };
    await savingsGauges(
      { monthSavings, metrics, reportsTimeZone: () => 'UTC' },
      Date.UTC(2026, 10, 24),
      new AbortController().signal,
    );
  }
  const text = await metrics.registry.metrics();
  return text.split('\n').filter((line) => line.startsWith('guardrail_saved_'));
}

test('saved bytes are summed over currencies, and saved costs are in units of each currency', async () => {
  const gauges = await gaugesAfter([
    row(),
    row({ currency: 'BRL', savedBytes: 500n, savedCostMicros: 750_000n }),
    row({ cause: 'rewrite', savedBytes: 1n, savedCostMicros: 0n }),
  ]);

  expect(gauges).toEqual([
    'guardrail_saved_bytes{team="atendimento",by="refusal"} 1500',
    'guardrail_saved_bytes{team="atendimento",by="rewrite"} 1',
    'guardrail_saved_cost{team="atendimento",by="refusal",currency="USD"} 2.5',
    'guardrail_saved_cost{team="atendimento",by="refusal",currency="BRL"} 0.75',
    'guardrail_saved_cost{team="atendimento",by="rewrite",currency="USD"} 0',
  ]);
});

test('gauges of savings disappear once the new month has none', async () => {
  expect(await gaugesAfter([row()], [])).toEqual([]);
});
