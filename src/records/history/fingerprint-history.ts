import { LRUCache } from 'lru-cache';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { FingerprintHistory } from '../../vocabulary/fingerprint-history.ts';
import type { Currency, Money } from '../../vocabulary/money.ts';
import { isLatestVersion } from '../latest-version.ts';

/** What queries came to in the past, by fingerprint. */
export interface FingerprintHistories {
  /**
   * Earlier runs of a query, by anybody, that were paid for in this currency; null if the ledger does not answer. Runs
   * answered from the cache count, at what they cost. Never throws.
   */
  of(fingerprint: string, currency: Currency): Promise<FingerprintHistory | null>;
}

/** Enough for a 95th percentile, and few enough to read while a query waits. */
const RUNS = 100;
const REMEMBERED_MS = 60_000;

/** @param onError called if the ledger does not answer: nothing is known about the past then */
export function createFingerprintHistories(options: {
  readonly ledger: { readonly read: LedgerReader };
  readonly maxEntries: number;
  readonly onError: (error: unknown) => void;
}): FingerprintHistories {
  type Question = { readonly fingerprint: string; readonly currency: Currency };
  const cache = new LRUCache<string, FingerprintHistory, Question>({
    max: options.maxEntries,
    ttl: REMEMBERED_MS,
    ignoreFetchAbort: true,
    fetchMethod: (_key, _stale, { context }) => readHistory(options.ledger.read, context),
  });
  return {
    async of(fingerprint, currency) {
      try {
        const key = JSON.stringify([fingerprint, currency]);
        return await cache.forceFetch(key, { context: { fingerprint, currency } });
      } catch (error) {
        options.onError(error);
        return null;
      }
    },
  };
}

async function readHistory(
  db: LedgerReader,
  { fingerprint, currency }: { readonly fingerprint: string; readonly currency: Currency },
): Promise<FingerprintHistory> {
  const rows = await db
    .selectFrom('decisions')
    .innerJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .select(['decisions.at_ms', 'settlements.cost_micros'])
    .where('decisions.fingerprint', '=', fingerprint)
    .where('settlements.currency', '=', currency)
    .where('settlements.source', 'in', ['response', 'job', 'reconciled'])
    // A run that failed and cost nothing says nothing about what the query costs.
    .where((eb) =>
      eb.or([eb('settlements.error_reason', 'is', null), eb('settlements.cost_micros', '>', 0n)]),
    )
    .where(isLatestVersion)
    .orderBy('decisions.at_ms', 'desc')
    .limit(RUNS)
    .execute();
  const costs = rows.map(({ cost_micros }) => cost_micros).sort((a, b) => (a < b ? -1 : 1));
  const latest = rows[0]?.at_ms;
  return {
    runs: costs.length,
    medianCost: quantile(costs, 0.5, currency),
    p95Cost: quantile(costs, 0.95, currency),
    lastSeenMs: latest === undefined ? null : Number(latest),
  };
}

/** The smallest of the sorted amounts that this share of them does not exceed. */
function quantile(sorted: readonly bigint[], share: number, currency: Currency): Money | null {
  const micros = sorted[Math.ceil(sorted.length * share) - 1];
  return micros === undefined ? null : { currency, micros };
}
