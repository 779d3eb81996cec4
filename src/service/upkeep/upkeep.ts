import type { Logger } from 'pino';
import type { ResilientBooks } from '../../books/outage/resilient-books.ts';
import type { Spool } from '../../books/outage/spool.ts';
import type { Replica } from '../../budget/replicas.ts';
import { HOUR_MS } from '../../foundation/calendar/durations.ts';
import { startRounds } from '../../foundation/waiting/rounds.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { Delivery } from '../../notices/delivery/delivery.ts';
import { type SealingOptions, startSealing } from '../../records/journal/seal.ts';
import type { Lineage } from '../../records/lineage/lineage.ts';
import { endAll, endTogether } from '../endings.ts';
import { startCopyingSpend } from './copying-spend.ts';
import { type PruningParts, startPruning } from './pruning.ts';
import { type RepairParts, startRepairs } from './repairs.ts';
import { type SavingsUpkeepParts, startSavingsGauges } from './savings-gauges.ts';

/** Well within the lease that keeps the process counted as alive. */
const BEAT_EVERY_MS = 10_000;

/** How often to try entering what waits in the spool: the ledger may be back. */
const CATCH_UP_EVERY_MS = 1_000;

const SEAL_EVERY_MS = 1_000;
const LOG_HEAD_EVERY_MS = HOUR_MS;

interface UpkeepParts extends PruningParts, SavingsUpkeepParts, RepairParts {
  readonly ledger: Ledger;
  readonly delivery: Delivery;
  /** Null if lineage is off. */
  readonly lineage: Lineage | null;
  readonly books: ResilientBooks;
  readonly spool: Spool;
  readonly replica: Replica;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * Starts everything that is done in rounds and for which no query waits. Resolves, after the first round of repairs, to
 * what ends the rounds.
 */
export async function startUpkeep(parts: UpkeepParts): Promise<() => Promise<void>> {
  await parts.replica.beat(Date.now());
  const stopRepairs = await startRepairs(parts);
  const stopBeats = startBeats(parts);
  const stopSealing = startSealing(parts.ledger, sealingOptions(parts));
  const stopPruning = startPruning(parts);
  const stopSavings = startSavingsGauges(parts);
  const stopCopying = startCopyingSpend(parts);
  parts.delivery.start();
  parts.lineage?.start();
  const stopCatchUps = startCatchUps(parts);
  const leave = () =>
    parts.replica.leave().catch((error: unknown) => {
      parts.log.warn({ err: error }, 'the ledger could not learn that this process stops; it will notice');
    });
  // Each may wait for a server that hangs, and a stop has no time to do them one after the other.
  const stopChores = () =>
    endTogether([
      stopCatchUps,
      stopRepairs,
      stopPruning,
      stopSavings,
      stopCopying,
      parts.delivery.stop,
      () => parts.lineage?.stop(),
    ]);
  // Last first. A beat after the ledger was told that this process stops would revoke that.
  return () => endAll([leave, stopBeats, stopSealing, stopChores]);
}

/** The head of the chain goes to the log, which is kept apart from the ledger that it proves. */
function sealingOptions({ log, metrics }: UpkeepParts): SealingOptions {
  let loggedAtMs = 0;
  return {
    everyMs: SEAL_EVERY_MS,
    onSeal(head) {
      if (Date.now() - loggedAtMs < LOG_HEAD_EVERY_MS) return;
      loggedAtMs = Date.now();
      log.info(head, 'the end of the chain of records');
    },
    onError(error) {
      metrics.ledgerErrors.inc({ operation: 'seal' });
      log.error({ err: error }, 'records could not be sealed; the next round tries again');
    },
  };
}

function startBeats({ books, replica, metrics, log }: UpkeepParts): () => Promise<void> {
  const onError = (error: unknown) => {
    metrics.ledgerErrors.inc({ operation: 'beat' });
    log.error({ err: error }, 'the ledger could not learn that this process is alive');
  };
  return startRounds({ firstAfterMs: BEAT_EVERY_MS, everyMs: BEAT_EVERY_MS, onError }, () =>
    books.observe(() => replica.beat(Date.now())),
  );
}

function startCatchUps({ books, spool, metrics, log }: UpkeepParts): () => Promise<void> {
  const onError = (error: unknown) => {
    log.error({ err: error }, 'what waits in the spool could not be entered; the next round tries again');
  };
  return startRounds({ firstAfterMs: CATCH_UP_EVERY_MS, everyMs: CATCH_UP_EVERY_MS, onError }, async () => {
    try {
      await books.catchUp();
    } finally {
      metrics.spooledEntries.set(spool.size);
    }
  });
}
