import type { LedgerReader } from '../../../ledger/ledger.ts';
import type { Policy } from '../../../policy/policy.ts';
import { slotTimeMatters, unknownSlotMs } from '../../../policy/slot-time.ts';
import { expectedOf, recentSlotTimes, withLatestRun } from '../../../records/history/slot-history.ts';
import type { PastQuery } from '../../../reports/replay/outcomes.ts';
import type { Tariff } from '../../../vocabulary/pricing.ts';

/** Predictions of past queries' slot time, from the runs of the same query before them. */
export interface SlotTimes {
  /** Reads the runs before the first of each query among these. @throws LedgerError */
  readAhead(page: readonly PastQuery[]): Promise<void>;
  /** In slot-milliseconds, as guardrail would request it; 0 if nothing depends on it. */
  expectedFor(past: PastQuery, tariff: Tariff): bigint;
  /** From here on it counts as an earlier run. */
  addRun(past: PastQuery): void;
}

/** Slot times as a policy needs them, for queries taken in order of time. */
export function createSlotTimes(db: LedgerReader, policy: Policy): SlotTimes {
  const latestFirst = new Map<string, readonly bigint[]>();
  const { pricing, budgets } = policy;
  const matter = pricing.editions !== null || budgets.some(({ limit }) => limit.measure === 'slot time');
  return {
    async readAhead(page) {
      if (!matter) return;
      for (const { atMs, reading } of page) {
        const { fingerprint } = reading;
        if (latestFirst.has(fingerprint)) continue;
        latestFirst.set(fingerprint, await recentSlotTimes(db, fingerprint, atMs));
      }
    },
    expectedFor({ reading }, tariff) {
      if (!slotTimeMatters(budgets, tariff)) return 0n;
      return expectedOf(latestFirst.get(reading.fingerprint) ?? []) ?? unknownSlotMs(pricing);
    },
    addRun({ reading, settlement }) {
      const before = latestFirst.get(reading.fingerprint);
      if (before === undefined || settlement === null) return;
      latestFirst.set(reading.fingerprint, withLatestRun(before, settlement));
    },
  };
}
