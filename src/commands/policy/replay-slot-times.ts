import type { LedgerReader } from '../../ledger/ledger.ts';
import type { Policy } from '../../policy/policy.ts';
import { slotTimeCounts, unknownSlotMs } from '../../policy/slot-time.ts';
import { expectedOf, recentSlotTimes, withLatestRun } from '../../records/slot-history.ts';
import type { PastQuery } from '../../replay/fates.ts';
import type { Tariff } from '../../vocabulary/pricing.ts';

/** What the slot time of past queries was foretold to be: by the runs of the same query before them. */
export interface SlotTimes {
  /** Reads what was before the first of each query among these. @throws LedgerError */
  readAhead(page: readonly PastQuery[]): Promise<void>;
  /** In slot-milliseconds, as the guardrail would ask for it; 0 where nothing hangs on it. */
  expectedFor(past: PastQuery, tariff: Tariff): bigint;
  /** From here on it is a run of before. */
  ended(past: PastQuery): void;
}

/** Slot times as a policy asks for them, of queries that are taken in order of time. */
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
      if (!slotTimeCounts(budgets, tariff)) return 0n;
      return expectedOf(latestFirst.get(reading.fingerprint) ?? []) ?? unknownSlotMs(pricing);
    },
    ended({ reading, settlement }) {
      const before = latestFirst.get(reading.fingerprint);
      if (before === undefined || settlement === null) return;
      latestFirst.set(reading.fingerprint, withLatestRun(before, settlement));
    },
  };
}
