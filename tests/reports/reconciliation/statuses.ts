import type { WarehouseJob } from '../../../src/reports/reconciliation/jobs/warehouse-job.ts';
import type { LedgerEntry } from '../../../src/reports/reconciliation/ledger/ledger-entry.ts';
import { reconcile } from '../../../src/reports/reconciliation/reconcile.ts';
import type { ReconciliationStatus } from '../../../src/reports/reconciliation/report.ts';
import { TIB } from '../../../src/vocabulary/bytes.ts';
import type { Pricing } from '../../../src/vocabulary/pricing.ts';
import { bySlots, options, settlement, withSlots } from './builders.ts';

/** The statuses that occur, each with how many decisions and jobs have it. */
export function statusesOf(entries: readonly LedgerEntry[], jobs: readonly WarehouseJob[], changes = {}) {
  const { counts } = reconcile(entries, jobs, options(changes));
  const present = Object.keys(counts) as ReconciliationStatus[];
  return Object.fromEntries(
    present
      .filter((status) => counts[status].decisions + counts[status].jobs > 0)
      .map((status) => [status, [counts[status].decisions, counts[status].jobs]]),
  );
}

export const RESERVATION = 'admin:US.weekdays';

/** Settled by slot time: five slot-milliseconds at a micro each. */
export const onSlots = settlement({ tariff: bySlots, cost: { currency: 'USD', micros: 5n } });

/** `withSlots` after its prices have doubled. */
export const dearer: Pricing = {
  ...withSlots,
  onDemandMicrosPerTib: { byLocation: new Map(), otherwise: 2n * TIB },
  editions: {
    covers: () => true,
    microsPerSlotHour: { byLocation: new Map(), otherwise: 7_200_000n },
    unknownSlotMs: 0n,
  },
};
