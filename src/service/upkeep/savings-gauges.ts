import type { Logger } from 'pino';
import { startRounds } from '../../foundation/waiting/rounds.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { MonthSavings } from '../../reports/savings/month-savings.ts';
import { MICROS_PER_UNIT } from '../../vocabulary/money.ts';

const EVERY_MS = 60_000;

/** After a start, the first queries come first. */
const FIRST_AFTER_MS = 5_000;

interface GaugeSources {
  readonly monthSavings: MonthSavings;
  readonly reportsTimeZone: () => string;
  readonly metrics: Metrics;
}

export interface SavingsUpkeepParts extends GaugeSources {
  readonly log: Logger;
}

/** Updates the savings metrics in rounds. @returns what ends the rounds */
export function startSavingsGauges(parts: SavingsUpkeepParts): () => Promise<void> {
  const timing = { firstAfterMs: FIRST_AFTER_MS, everyMs: EVERY_MS };
  const onError = (error: unknown) => {
    parts.metrics.ledgerErrors.inc({ operation: 'savings' });
    parts.log.error({ err: error }, 'savings could not be read for the metrics; the next round tries again');
  };
  return startRounds({ ...timing, onError }, (signal) => savingsGauges(parts, Date.now(), signal));
}

/** Sets the gauges for this month's savings so far, in the time zone of reports. @throws LedgerError */
export async function savingsGauges(
  { monthSavings, metrics, reportsTimeZone }: GaugeSources,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  const rows = await monthSavings.soFar({ nowMs, timeZone: reportsTimeZone(), signal });
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
