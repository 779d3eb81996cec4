import type { LedgerEntry } from '../../src/reconciliation/ledger-entry.ts';
import { reconcile } from '../../src/reconciliation/reconcile.ts';
import type { ReconciliationStatus } from '../../src/reconciliation/report.ts';
import type { WarehouseJob } from '../../src/reconciliation/warehouse-job.ts';
import { TIB } from '../../src/vocabulary/bytes.ts';
import type { Pricing } from '../../src/vocabulary/pricing.ts';
import { bySlots, options, settlement, withSlots } from './builders.ts';

/** The fates that were met, each with how many decisions and jobs met it. */
export function fatesOf(entries: readonly LedgerEntry[], jobs: readonly WarehouseJob[], changes = {}) {
  const { counts } = reconcile(entries, jobs, options(changes));
  const fates = Object.keys(counts) as ReconciliationStatus[];
  return Object.fromEntries(
    fates
      .filter((fate) => counts[fate].decisions + counts[fate].jobs > 0)
      .map((fate) => [fate, [counts[fate].decisions, counts[fate].jobs]]),
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
