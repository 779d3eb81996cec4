import { LRUCache } from 'lru-cache';
import type { LedgerReader } from '../ledger/ledger.ts';
import { stands } from './stands.ts';

/** What queries took before, by their fingerprints. */
export interface SlotHistory {
  /** Slot-milliseconds that nineteen of twenty recent runs stayed within; null where there were none. */
  expectedSlotMs(fingerprint: string): Promise<bigint | null>;
}

/** Enough for a quantile, few enough to be read while a query waits. */
const RUNS = 20;
const REMEMBERED_MS = 60_000;

/** @param onError told of a ledger that does not answer: then nothing is known of the past */
export function createSlotHistory(options: {
  readonly ledger: { readonly read: LedgerReader };
  readonly maxEntries: number;
  readonly onError: (error: unknown) => void;
}): SlotHistory {
  const cache = new LRUCache<string, { readonly slotMs: bigint | null }>({
    max: options.maxEntries,
    ttl: REMEMBERED_MS,
  });
  return {
    async expectedSlotMs(fingerprint) {
      const known = cache.get(fingerprint);
      if (known !== undefined) return known.slotMs;
      try {
        const slotMs = await readExpected(options.ledger.read, fingerprint);
        cache.set(fingerprint, { slotMs });
        return slotMs;
      } catch (error) {
        options.onError(error);
        return null;
      }
    },
  };
}

async function readExpected(db: LedgerReader, fingerprint: string): Promise<bigint | null> {
  const rows = await db
    .selectFrom('decisions')
    .innerJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .select('settlements.slot_ms')
    .where('decisions.fingerprint', '=', fingerprint)
    .where('settlements.slot_ms', '>', 0n)
    .where('settlements.source', '<>', 'assumed')
    .where(stands)
    .orderBy('decisions.at_ms', 'desc')
    .limit(RUNS)
    .execute();
  const sorted = rows
    .flatMap(({ slot_ms }) => (slot_ms === null ? [] : [slot_ms]))
    .sort((a, b) => (a < b ? -1 : 1));
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null;
}
