import type { Logger } from 'pino';
import type { Metrics } from '../../metrics/metrics.ts';
import { savingsGauges } from '../../ops/savings-gauges.ts';
import type { MonthSavings } from '../../savings/month-savings.ts';
import { startRounds } from '../../waiting/rounds.ts';

const EVERY_MS = 60_000;

/** After a start, the first queries come first. */
const FIRST_AFTER_MS = 5_000;

export interface SavingsUpkeepParts {
  readonly monthSavings: MonthSavings;
  readonly budgetsTimeZone: () => string;
  readonly metrics: Metrics;
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
