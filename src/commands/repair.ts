import type { Logger } from 'pino';
import type { Budgets } from '../budget/budgets.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Records } from '../records/records.ts';

/** How often reservations that have expired are looked for. */
const REPAIR_EVERY_MS = 60_000;

interface Books {
  readonly budgets: Budgets;
  readonly records: Records;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * Brings the budgets back in line with the records after a stop or a crash, and from then on charges what expires.
 * Resolves, after the first round, to what ends the rounds.
 */
export async function keepRepairing(books: Books): Promise<() => void> {
  await settleByRecords(books);
  await chargeExpired(books);
  const timer = setInterval(() => void chargeExpired(books), REPAIR_EVERY_MS).unref();
  return () => clearInterval(timer);
}

/** A process that died between recording a settlement and settling the budget left the first without the second. */
async function settleByRecords({ budgets, records, log }: Books): Promise<void> {
  for (const { decisionId } of await budgets.unsettled()) {
    const settlement = (await records.get(decisionId))?.settlement ?? null;
    if (settlement === null) continue;
    await budgets.settle({
      decisionId,
      atMs: settlement.atMs,
      spend: { bytesBilled: settlement.bytesBilled, cost: settlement.cost },
    });
    log.info({ decision: decisionId }, 'a reservation was settled by its record');
  }
}

async function chargeExpired({ budgets, records, metrics, log }: Books): Promise<void> {
  try {
    for (const settlement of await budgets.repair(Date.now())) {
      await records.recordSettlement(settlement);
      metrics.settlements.inc({ source: settlement.source });
      log.warn(
        { decision: settlement.decisionId, bytesBilled: settlement.bytesBilled.toString() },
        'a query was never heard of again; its whole reservation was charged',
      );
    }
  } catch (error) {
    metrics.ledgerErrors.inc({ operation: 'repair' });
    log.error({ err: error }, 'expired reservations could not be charged; the next round tries again');
  }
}
