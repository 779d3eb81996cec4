import { compare } from '../../foundation/lists/compare.ts';
import type { SpendKey, SpendRow } from './spend-query.ts';

/** Adds rows to the sums of those with the same keys and currency. */
export function mergeRows(sums: Map<string, SpendRow>, rows: readonly SpendRow[]): void {
  for (const row of rows) {
    const id = JSON.stringify([row.currency, ...row.keys]);
    const sum = sums.get(id);
    sums.set(id, sum === undefined ? row : plus(sum, row));
  }
}

/** The sum of two rows, with the keys and the currency of the first. */
export function plus(a: SpendRow, b: SpendRow): SpendRow {
  return {
    keys: a.keys,
    currency: a.currency,
    queries: a.queries + b.queries,
    bytesBilled: a.bytesBilled + b.bytesBilled,
    freeBytes: a.freeBytes + b.freeBytes,
    costMicros: a.costMicros + b.costMicros,
    slotMs: a.slotMs + b.slotMs,
    sharedQueries: a.sharedQueries + b.sharedQueries,
    sharedBytesBilled: a.sharedBytesBilled + b.sharedBytesBilled,
    sharedCostMicros: a.sharedCostMicros + b.sharedCostMicros,
  };
}

/** Rows with the same keys and currency as one. */
export function sumRows(rows: readonly SpendRow[]): readonly SpendRow[] {
  const sums = new Map<string, SpendRow>();
  mergeRows(sums, rows);
  return [...sums.values()];
}

/** Most bytes first, or in order of keys if `day` is one of them. */
export function inOrder(rows: readonly SpendRow[], by: readonly SpendKey[]): readonly SpendRow[] {
  const byDay = by.includes('day');
  return rows.toSorted((a, b) => {
    const first = byDay ? 0 : compare(b.bytesBilled, a.bytesBilled);
    return first || compareKeys(a, b) || compare(a.currency, b.currency);
  });
}

/** Rows without a key come last. */
function compareKeys(a: SpendRow, b: SpendRow): number {
  for (const [i, key] of a.keys.entries()) {
    const other = b.keys[i] ?? null;
    if (key === other) continue;
    if (key === null) return 1;
    return other === null ? -1 : compare(key, other);
  }
  return 0;
}
