import type { Logger } from 'pino';
import type { Metrics } from '../metrics/metrics.ts';
import { savingsGauges } from '../ops/savings-gauges.ts';
import type { Savings } from '../savings/savings.ts';
import { startRounds } from './rounds.ts';

const EVERY_MS = 60_000;

/** Where a process starts, its first queries come first. */
const FIRST_AFTER_MS = 5_000;

export interface SavingsUpkeepParts {
  readonly savings: Pick<Savings, 'monthSoFar'>;
  readonly budgetsTimeZone: () => string;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Tells the metrics what was saved, in rounds. @returns what ends the rounds */
export function startSavingsGauges(parts: SavingsUpkeepParts): () => Promise<void> {
  return startRounds({ firstAfterMs: FIRST_AFTER_MS, everyMs: EVERY_MS }, (signal) =>
    tellSavings(parts, signal),
  );
}

/** One round. Never rejects. */
async function tellSavings(parts: SavingsUpkeepParts, signal: AbortSignal): Promise<void> {
  try {
    await savingsGauges(parts, Date.now(), signal);
  } catch (error) {
    if (signal.aborted) return;
    parts.metrics.ledgerErrors.inc({ operation: 'savings' });
    parts.log.error({ err: error }, 'savings could not be read for the metrics; the next round tries again');
  }
}
