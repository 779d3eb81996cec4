import type { WarehouseJob } from '../../../src/reports/reconciliation/jobs/warehouse-job.ts';
import type {
  LedgerEntry,
  LedgerSettlement,
} from '../../../src/reports/reconciliation/ledger/ledger-entry.ts';
import type { ReconcileOptions } from '../../../src/reports/reconciliation/reconcile.ts';
import { TIB } from '../../../src/vocabulary/bytes.ts';
import type { Pricing, Tariff } from '../../../src/vocabulary/pricing.ts';

export const noon = Date.UTC(2026, 10, 24, 12);
export const MINUTE = 60_000;
export const principal = 'metabase@guardrail-demo.iam.gserviceaccount.com';

/** A micro for each byte billed. */
export const pricing: Pricing = {
  currency: 'USD',
  onDemandMicrosPerTib: { byLocation: new Map(), otherwise: TIB },
  editions: null,
  freeBytesPerMonth: 0n,
  exchangeRates: [],
};

/** The same in a policy that says of every project that it has slots: a micro for each slot-millisecond. */
export const withSlots: Pricing = {
  ...pricing,
  editions: {
    covers: () => true,
    microsPerSlotHour: { byLocation: new Map(), otherwise: 3_600_000n },
    unknownSlotMs: 0n,
  },
};

/** By the byte, as `pricing` has it. */
const byBytes: Tariff = { model: 'on demand', currency: 'USD', microsPerTib: TIB };

/** By slot time, as `withSlots` has it. */
export const bySlots: Tariff = { model: 'editions', currency: 'USD', microsPerSlotHour: 3_600_000n };

/** A settlement of 100 bytes by job `job` in US, unless said otherwise. */
export function settlement(changes: Partial<LedgerSettlement> = {}): LedgerSettlement {
  const { bytesBilled = 100n } = changes;
  return {
    job: 'guardrail-demo:US.job',
    bytesBilled,
    freeBytes: 0n,
    cost: { currency: 'USD', micros: bytesBilled },
    slotMs: 5n,
    source: 'response',
    tariff: byBytes,
    ...changes,
  };
}

/** An admitted decision of noon that `job` settled, unless said otherwise. */
export function entry(changes: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    decisionId: 'decision',
    atMs: noon,
    projectId: 'guardrail-demo',
    location: 'US',
    team: 'atendimento',
    principal,
    admitted: true,
    reservation: 'settled',
    currency: 'USD',
    settlement: settlement(),
    ...changes,
  };
}

/** A job of a second after noon that was billed 100 bytes, unless said otherwise. */
export function job(changes: Partial<WarehouseJob> = {}): WarehouseJob {
  return {
    projectId: 'guardrail-demo',
    location: 'US',
    jobId: 'job',
    principal,
    createdAtMs: noon + 1000,
    endedAtMs: noon + 2000,
    statementType: 'SELECT',
    bytesProcessed: 90n,
    bytesBilled: 100n,
    models: 'none',
    slotMs: 5n,
    reservation: null,
    cacheHit: false,
    errorReason: null,
    labelledDecision: null,
    ofReconciliation: false,
    sqlStart: 'SELECT 1',
    ...changes,
  };
}

/** The day of noon in UTC, an hour after its end, all of US read, unless said otherwise. */
export function options(changes: Partial<ReconcileOptions> = {}): ReconcileOptions {
  return {
    span: { fromMs: Date.UTC(2026, 10, 24), toMs: Date.UTC(2026, 10, 25) },
    finalBeforeMs: Date.UTC(2026, 10, 25, 1),
    dayOf: (atMs) => new Date(atMs).toISOString().slice(0, 10),
    teamOf: (who) => (who === principal ? 'atendimento' : 'unassigned'),
    pricing,
    isRead: (_projectId, location) => location === 'US',
    ...changes,
  };
}
