import { LRUCache } from 'lru-cache';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { Settlement } from '../../vocabulary/decision.ts';
import { isLatestVersion } from '../latest-version.ts';

/** How many slots queries took in the past, by fingerprint. */
export interface SlotHistory {
  /** The slot-milliseconds that 95 % of recent runs did not exceed; null if there were none. */
  expectedSlotMs(fingerprint: string): Promise<bigint | null>;
}

/** Enough for a quantile, and few enough to read while a query waits. */
const RUNS = 20;
const REMEMBERED_MS = 60_000;

/** @param onError called if the ledger does not answer: nothing is known about the past then */
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
      const cached = cache.get(fingerprint);
      if (cached !== undefined) return cached.slotMs;
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
  return expectedOf(await recentSlotTimes(db, fingerprint));
}

/**
 * The slot-milliseconds of a query's latest runs, latest first, from which the next run is predicted.
 * @param beforeMs only runs admitted before this instant count
 * @throws LedgerError
 */
export async function recentSlotTimes(
  db: LedgerReader,
  fingerprint: string,
  beforeMs?: number,
): Promise<readonly bigint[]> {
  const rows = await db
    .selectFrom('decisions')
    .innerJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .select('settlements.slot_ms')
    .where('decisions.fingerprint', '=', fingerprint)
    .$if(beforeMs !== undefined, (query) => query.where('decisions.at_ms', '<', BigInt(beforeMs ?? 0)))
    .where('settlements.slot_ms', '>', 0n)
    .where('settlements.source', '<>', 'assumed')
    .where(isLatestVersion)
    .orderBy('decisions.at_ms', 'desc')
    .limit(RUNS)
    .execute();
  return rows.flatMap(({ slot_ms }) => (slot_ms === null ? [] : [slot_ms]));
}

/**
 * The slot times with one more run, as `recentSlotTimes` would return them; a run without a slot time does not count.
 */
export function withLatestRun(
  latestFirst: readonly bigint[],
  { slotMs, source }: Pick<Settlement, 'slotMs' | 'source'>,
): readonly bigint[] {
  if (slotMs === null || slotMs <= 0 || source === 'assumed') return latestFirst;
  return [BigInt(slotMs), ...latestFirst].slice(0, RUNS);
}

/** What 95 % of these runs did not exceed; null if there are none. */
export function expectedOf(slotTimes: readonly bigint[]): bigint | null {
  const sorted = slotTimes.toSorted((a, b) => (a < b ? -1 : 1));
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? null;
}
