import type { Logger } from 'pino';
import type { ResilientBooks } from '../../books/outage/resilient-books.ts';
import type { Spool } from '../../books/outage/spool.ts';
import type { Budgets, UnsettledReservation } from '../../budget/budgets.ts';
import type { Replica } from '../../budget/replicas.ts';
import { startRounds } from '../../foundation/waiting/rounds.ts';
import { databaseFails } from '../../ledger/errors.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { OrphanSettler } from '../../proxy/jobs/orphans.ts';
import { checkThresholds, type ThresholdUpkeepParts } from './thresholds.ts';

/** How often to look for expired reservations, places of dead processes, and thresholds. */
const EVERY_MS = 30_000;

/** The most reservations repaired in one round. */
const MAX_AT_ONCE = 1_000;

/** Settles queries that nobody else will: those of dead replicas, and those whose job was lost sight of. */
export interface RepairParts extends ThresholdUpkeepParts {
  readonly books: Pick<ResilientBooks, 'settle' | 'giveBackPlaces'>;
  readonly spool: Pick<Spool, 'holds'>;
  readonly orphans: Pick<OrphanSettler, 'know'>;
  readonly budgets: Pick<Budgets, 'orphans' | 'expired' | 'standing'>;
  readonly replica: Pick<Replica, 'id' | 'isEldest'>;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * Releases what dead processes have left, charges what has expired and checks thresholds, in rounds. Resolves after the
 * first round, whatever its outcome, to what ends the rounds.
 */
export async function startRepairs(parts: RepairParts, everyMs = EVERY_MS): Promise<() => Promise<void>> {
  const onError = (error: unknown) => {
    parts.metrics.ledgerErrors.inc({ operation: 'repair' });
    parts.log.error({ err: error }, 'reservations could not be repaired; the next round tries again');
  };
  const repairs = (signal?: AbortSignal) => repair(parts, onError, signal);
  await repairs();
  return startRounds({ firstAfterMs: everyMs, everyMs, onError }, repairs);
}

/**
 * Runs each step whatever the outcome of the one before.
 * @param signal once aborted, the rest is left to the next round of any process
 */
async function repair(
  parts: RepairParts,
  onError: (error: unknown) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  await handleOrphans(parts).catch(onError);
  await chargeExpired(parts, onError, signal).catch(onError);
  await checkThresholds(parts, Date.now()).catch(onError);
}

/** An orphan's place is free again; what its query may cost stays reserved until it is known. */
async function handleOrphans({ books, budgets, replica, orphans: settler, log }: RepairParts): Promise<void> {
  const orphans = await budgets.orphans(Date.now(), MAX_AT_ONCE, replica.id);
  settler.know(orphans);
  const holding = orphans.filter(({ holdsPlace }) => holdsPlace).map(({ decisionId }) => decisionId);
  if (holding.length === 0) return;
  await books.giveBackPlaces(holding);
  log.info({ places: holding.length }, 'places of queries whose process is gone were given back');
}

/**
 * Assumes the worst case: a budget that shows too little spent is worse than one that shows too much. A reservation
 * that cannot be charged does not stop the others.
 */
async function chargeExpired(
  parts: RepairParts,
  onError: (error: unknown) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const expired of await parts.budgets.expired(Date.now(), MAX_AT_ONCE)) {
    if (signal?.aborted) return;
    // A ledger that can be read but not written shows charged reservations as open until it has caught up.
    if (parts.spool.holds(expired.decisionId)) continue;
    try {
      await charge(expired, parts);
    } catch (error) {
      if (databaseFails(error)) throw error;
      onError(error);
    }
  }
}

async function charge(expired: UnsettledReservation, { books, metrics, log }: RepairParts): Promise<void> {
  const asked = assumedSettlement(expired);
  const settlement = await books.settle(asked);
  // Another process may have been first: what stands then is its entry, or what the query came to.
  if (settlement.source !== 'assumed' || settlement.atMs !== asked.atMs) return;
  metrics.settlements.inc({ source: settlement.source });
  log.warn(
    { decision: settlement.decisionId, bytesBilled: settlement.bytesBilled.toString() },
    'a query was never heard of again; its whole reservation was charged',
  );
}

/** Assumes that the bytes reserved were processed. */
function assumedSettlement({ decisionId, atMs, spend }: UnsettledReservation) {
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
