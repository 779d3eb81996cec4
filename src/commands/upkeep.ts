import type { Logger } from 'pino';
import type { LastingBooks } from '../books/lasting-books.ts';
import type { Spool } from '../books/spool.ts';
import type { Budgets, UnsettledReservation } from '../budget/budgets.ts';
import type { Replica } from '../budget/replicas.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Delivery } from '../notices/deliver.ts';
import type { OrphanSettler } from '../proxy/answer/orphans.ts';
import type { Lineage } from '../records/lineage/lineage.ts';
import { type SealingOptions, startSealing } from '../records/seal.ts';
import { type PruningParts, startPruning } from './pruning.ts';
import { type SavingsUpkeepParts, startSavingsGauges } from './savings-upkeep.ts';
import { checkThresholds, type ThresholdParts } from './thresholds.ts';

/** Well within the lease by which the process is known to live. */
const BEAT_EVERY_MS = 10_000;

/** How often reservations that have expired, places of processes that are gone, and thresholds are looked for. */
const REPAIR_EVERY_MS = 30_000;

/** How often what waits in the spool is tried: the ledger may be back. */
const CATCH_UP_EVERY_MS = 1_000;

const SEAL_EVERY_MS = 1_000;
const TELL_HEAD_EVERY_MS = 3_600_000;

/** Reservations repaired in one go. */
const MOST_AT_ONCE = 1_000;

interface Upkept extends PruningParts, SavingsUpkeepParts, ThresholdParts {
  readonly ledger: Ledger;
  readonly delivery: Delivery;
  /** Null where lineage is off. */
  readonly lineage: Lineage | null;
  readonly books: LastingBooks;
  readonly orphans: OrphanSettler;
  readonly spool: Spool;
  readonly budgets: Budgets;
  readonly replica: Replica;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * Says that this process lives, gives back the places at once of those that do not, charges what expires,
 * and gives up old records.
 * Resolves, after the first round, to what ends the rounds.
 */
export async function startUpkeep(parts: Upkept): Promise<() => Promise<void>> {
  await parts.replica.beat(Date.now());
  await repair(parts);
  const beats = setInterval(() => void beat(parts), BEAT_EVERY_MS).unref();
  const repairs = setInterval(() => void repair(parts), REPAIR_EVERY_MS).unref();
  const stopSealing = startSealing(parts.ledger, sealingOptions(parts));
  const stopPruning = startPruning(parts);
  const stopSavings = startSavingsGauges(parts);
  parts.delivery.start();
  parts.lineage?.start();
  const catchUps = setInterval(() => void catchUp(parts), CATCH_UP_EVERY_MS).unref();
  return async () => {
    clearInterval(catchUps);
    clearInterval(beats);
    clearInterval(repairs);
    await stopPruning();
    await stopSavings();
    // Each may wait for a server that hangs, and a stop has no time for one after the other.
    await Promise.all([parts.delivery.stop(), parts.lineage?.stop()]);
    await stopSealing();
    await parts.replica.leave().catch((error: unknown) => {
      parts.log.warn({ err: error }, 'the ledger was not told that this process stops; it will find out');
    });
  };
}

/** The end of the chain is told to the log, where it is kept apart from the ledger that it proves. */
function sealingOptions({ log, metrics }: Upkept): SealingOptions {
  let toldAtMs = 0;
  return {
    everyMs: SEAL_EVERY_MS,
    onSeal(head) {
      if (Date.now() - toldAtMs < TELL_HEAD_EVERY_MS) return;
      toldAtMs = Date.now();
      log.info(head, 'the end of the chain of records');
    },
    onError(error) {
      metrics.ledgerErrors.inc({ operation: 'seal' });
      log.error({ err: error }, 'records could not be sealed; the next round tries again');
    },
  };
}

async function beat({ books, replica, metrics, log }: Upkept): Promise<void> {
  try {
    await books.witness(() => replica.beat(Date.now()));
  } catch (error) {
    metrics.ledgerErrors.inc({ operation: 'beat' });
    log.error({ err: error }, 'the ledger was not told that this process lives');
  }
}

async function catchUp({ books, spool, metrics }: Upkept): Promise<void> {
  await books.catchUp();
  metrics.spooledEntries.set(spool.size);
}

async function repair(parts: Upkept): Promise<void> {
  try {
    await seeToOrphans(parts);
    await chargeExpired(parts);
    await checkThresholds(parts, Date.now());
  } catch (error) {
    parts.metrics.ledgerErrors.inc({ operation: 'repair' });
    parts.log.error({ err: error }, 'reservations could not be repaired; the next round tries again');
  }
}

/** What a query at once held is free again when its process is gone; what it may cost stays reserved until it is known. */
async function seeToOrphans({ books, budgets, replica, orphans: settler, log }: Upkept): Promise<void> {
  const orphans = await budgets.orphans(Date.now(), MOST_AT_ONCE, replica.id);
  settler.know(orphans);
  const holding = orphans.filter(({ holdsPlace }) => holdsPlace).map(({ decisionId }) => decisionId);
  if (holding.length === 0) return;
  await books.giveBackPlaces(holding);
  log.info({ places: holding.length }, 'places of queries whose process is gone were given back');
}

/** The worst case: a budget that shows too little spent is worse than one that shows too much. */
async function chargeExpired({ books, budgets, metrics, log }: Upkept): Promise<void> {
  for (const expired of await budgets.expired(Date.now(), MOST_AT_ONCE)) {
    const settlement = await books.settle(assumed(expired));
    if (settlement.source !== 'assumed') continue;
    metrics.settlements.inc({ source: settlement.source });
    log.warn(
      { decision: settlement.decisionId, bytesBilled: settlement.bytesBilled.toString() },
      'a query was never heard of again; its whole reservation was charged',
    );
  }
}

/** Bytes processed are taken to be those reserved. */
function assumed({ decisionId, atMs, spend }: UnsettledReservation) {
  return {
    decisionId,
    admittedAtMs: atMs,
    atMs: Date.now(),
    jobId: null,
    bytesProcessed: spend.bytesBilled,
    bytesBilled: spend.bytesBilled,
    cacheHit: false,
    slotMs: Number(spend.slotMs),
    durationMs: null,
    errorReason: null,
    source: 'assumed',
    price: { known: spend.cost },
  } as const;
}
