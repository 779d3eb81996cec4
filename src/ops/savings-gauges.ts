import type { Metrics } from '../metrics/metrics.ts';
import type { MonthSavings } from '../savings/month-savings.ts';
import { MICROS_PER_UNIT } from '../vocabulary/money.ts';

/** Sets the gauges for this month's savings so far, in the budgets' time zone. @throws LedgerError */
export async function savingsGauges(
  {
    monthSavings,
    metrics,
    budgetsTimeZone,
  }: {
    readonly monthSavings: MonthSavings;
    readonly metrics: Metrics;
    readonly budgetsTimeZone: () => string;
  },
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  const rows = await monthSavings.soFar({ nowMs, timeZone: budgetsTimeZone(), signal });
  const { savedBytes, savedCost } = metrics;
  savedBytes.reset();
  savedCost.reset();
  for (const {
    keys: [team = ''],
    cause: by,
    currency,
    ...saved
  } of rows) {
    // Bytes are the same in any currency.
    savedBytes.inc({ team, by }, Number(saved.savedBytes));
    savedCost.set({ team, by, currency }, Number(saved.savedCostMicros) / Number(MICROS_PER_UNIT));
  }
}
