import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Replica } from '../../budget/replicas.ts';
import { HOUR_MS } from '../../foundation/calendar/durations.ts';
import { type RetentionPeriod, retentionCutoffMs } from '../../foundation/calendar/retention-period.ts';
import { startRounds } from '../../foundation/waiting/rounds.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { ClockWatch } from '../../proxy/upstream/clock.ts';
import { type PruneResult, pruneRecords } from '../../records/pruning/prune.ts';

interface PruningTiming {
  readonly firstAfterMs: number;
  readonly everyMs: number;
  /** The pause between two steps, so that queries have the ledger to themselves most of the time. */
  readonly restMs: number;
}

/**
 * After a start, the first queries come first. Whole days are pruned, so there is something to do once a day, and
 * whichever process is alive then does it.
 */
const TIMING: PruningTiming = { firstAfterMs: 60_000, everyMs: HOUR_MS, restMs: 200 };

/** What pruning needs. Of several replicas, only the eldest prunes. */
export interface PruningParts {
  readonly ledger: Ledger;
  readonly replica: Pick<Replica, 'isEldest'>;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly settings: { readonly recordsKeep: RetentionPeriod | null };
  readonly clock: Pick<ClockWatch, 'aheadMs'>;
  readonly reportsTimeZone: () => string;
}

/** By a clock that is as far ahead of the warehouse's, records would be deleted that are not old. */
const TOO_FAR_AHEAD_MS = HOUR_MS;

/**
 * Deletes records older than the setting says, in rounds.
 * @returns what ends the rounds; a round under way ends after its current step, and another process goes on with it
 */
export function startPruning(parts: PruningParts, timing = TIMING): () => Promise<void> {
  if (parts.settings.recordsKeep === null) return async () => undefined;
  const onError = (error: unknown) => {
    parts.metrics.ledgerErrors.inc({ operation: 'prune' });
    parts.log.error({ err: error }, 'old records could not be pruned; the next round goes on');
  };
  return startRounds({ ...timing, onError }, (signal) => pruneNow(parts, { signal, restMs: timing.restMs }));
}

/**
 * One round. Of several processes on one ledger, the eldest does it.
 * @throws what the ledger fails with, or an abort error if the signal was aborted between two steps
 */
export async function pruneNow(
  { ledger, replica, metrics, log, settings: { recordsKeep }, clock, reportsTimeZone }: PruningParts,
  { signal, restMs }: { readonly signal: AbortSignal; readonly restMs: number },
): Promise<void> {
  const nowMs = Date.now();
  if (recordsKeep === null || !(await replica.isEldest(nowMs))) return;
  const aheadMs = clock.aheadMs();
  if (aheadMs === null) {
    log.info('nothing is pruned yet: no answer of the warehouse has shown whether the clock is right');
    return;
  }
  if (aheadMs > TOO_FAR_AHEAD_MS) {
    log.error({ aheadSeconds: Math.round(aheadMs / 1000) }, 'nothing is pruned while the clock is ahead');
    return;
  }
  const pruned = await pruneRecords(ledger, {
    beforeMs: retentionCutoffMs(recordsKeep, nowMs),
    nowMs,
    timeZone: reportsTimeZone(),
    onStep: () => sleep(restMs, undefined, { signal, ref: false }),
  });
  metrics.recordsPruned.inc(pruned.decisions);
  metrics.recordsPrunedAt.set(Date.now() / 1000);
  logPruned(pruned, log);
}

function logPruned(pruned: PruneResult, log: Logger): void {
  const { days, decisions, settlements, waitsFor } = pruned;
  if (days > 0) {
    log.info({ days, decisions, settlements }, 'old records were pruned; their sums are kept by day');
  }
  if (waitsFor === null) return;
  log.warn(
    { day: waitsFor },
    'old records wait to be pruned: a query of that day or before is not settled yet',
  );
}
