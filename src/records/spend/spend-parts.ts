import { type Expression, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { LedgerSchema } from '../../ledger/schema.ts';
import type { SpendKey, SpendRow } from './spend-query.ts';

/** Rows to sum up, from any source. */
interface SpendPart {
  readonly key_0: string | null;
  readonly key_1: string | null;
  readonly key_2: string | null;
  readonly key_3: string | null;
  readonly currency: string;
  readonly queries: bigint;
  readonly bytes_billed: bigint;
  readonly free_bytes: bigint;
  readonly cost_micros: bigint;
  readonly slot_ms: bigint | null;
  readonly shared_queries: bigint;
  readonly shared_bytes_billed: bigint;
  readonly shared_cost_micros: bigint;
}

type Parts = SelectQueryBuilder<LedgerSchema, never, SpendPart>;

export const ZERO = sql<bigint>`0`;
export const ONE = sql<bigint>`1`;
export const NO_KEY = sql<string | null>`cast(null as text)`;

/** For rows that are not by table. */
export const NOTHING_SHARED = [
  ZERO.as('shared_queries'),
  ZERO.as('shared_bytes_billed'),
  ZERO.as('shared_cost_micros'),
] as const;

/** The columns of the keys asked for; there are always four. */
export function keyColumns(by: readonly SpendKey[], column: (key: SpendKey) => Expression<unknown>) {
  const key = (i: number) => {
    const named = by[i];
    return named === undefined ? NO_KEY : sql<string | null>`${column(named)}`;
  };
  return [key(0).as('key_0'), key(1).as('key_1'), key(2).as('key_2'), key(3).as('key_3')] as const;
}

/** An empty text means none, in roll-ups and for the fingerprint of queries that the guard never read. */
export function emptyAsNull(column: string): RawBuilder<string | null> {
  return sql`nullif(${sql.ref(column)}, '')`;
}

const KEYS = ['key_0', 'key_1', 'key_2', 'key_3'] as const;

/** One row for each combination of keys and currency. SQLite sorts by whatever is grouped by, even where it is always null. */
export async function groupAndSum(
  db: LedgerReader,
  parts: Parts,
  by: readonly SpendKey[],
): Promise<readonly SpendRow[]> {
  const keys = KEYS.slice(0, by.length);
  const rows = await db
    .selectFrom(parts.as('spent'))
    .select(keys)
    .select((eb) => [
      'currency',
      sumOf(eb.ref('queries')).as('queries'),
      sumOf(eb.ref('bytes_billed')).as('bytes_billed'),
      sumOf(eb.ref('free_bytes')).as('free_bytes'),
      sumOf(eb.ref('cost_micros')).as('cost_micros'),
      sumOf(eb.ref('slot_ms')).as('slot_ms'),
    ])
    .$if(by.includes('table'), (sums) =>
      sums.select((eb) => [
        sumOf(eb.ref('shared_queries')).as('shared_queries'),
        sumOf(eb.ref('shared_bytes_billed')).as('shared_bytes_billed'),
        sumOf(eb.ref('shared_cost_micros')).as('shared_cost_micros'),
      ]),
    )
    .groupBy([...keys, 'currency'])
    .execute();
  return rows.map((row) => ({
    keys: keys.map((key) => row[key]),
    currency: row.currency,
    queries: Number(row.queries),
    bytesBilled: row.bytes_billed,
    freeBytes: row.free_bytes,
    costMicros: row.cost_micros,
    slotMs: row.slot_ms,
    sharedQueries: Number(row.shared_queries ?? 0n),
    sharedBytesBilled: row.shared_bytes_billed ?? 0n,
    sharedCostMicros: row.shared_cost_micros ?? 0n,
  }));
}

/**
 * PostgreSQL sums 64-bit integers to a decimal; SQLite fails if the sum does not fit. Unknown values count as nothing.
 */
export function sumOf(amount: Expression<bigint | null>) {
  return sql<bigint>`cast(coalesce(sum(${amount}), 0) as bigint)`;
}
