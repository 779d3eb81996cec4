import { sql } from 'kysely';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import type { Micros } from '../../vocabulary/money.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';
import { hasRun } from '../has-run.ts';
import { isLatestVersion } from '../latest-version.ts';

/** Queries of one kind, in one currency. */
export interface SettledKind {
  /**
   * Answered from BigQuery's cache, found outside the guardrail by reconciliation, or only assumed. A query may be of
   * several kinds.
   */
  readonly kind: 'cached' | 'unguarded' | 'assumed';
  readonly currency: string;
  readonly queries: number;
  readonly bytesBilled: Bytes;
  readonly costMicros: Micros;
}

/** Spend of the kinds that are shown apart, by when the queries were admitted. */
export async function settledKinds(db: LedgerReader, span: TimeSpan): Promise<readonly SettledKind[]> {
  return [
    ...(await sumOf(db, span, 'cached')),
    ...(await sumOf(db, span, 'unguarded')),
    ...(await sumOf(db, span, 'assumed')),
  ];
}

async function sumOf(
  db: LedgerReader,
  { fromMs, toMs }: TimeSpan,
  kind: SettledKind['kind'],
): Promise<readonly SettledKind[]> {
  const rows = await db
    .selectFrom('decisions')
    .innerJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .where('decisions.at_ms', '>=', BigInt(fromMs))
    .where('decisions.at_ms', '<', BigInt(toMs))
    .where(isLatestVersion)
    .where(hasRun)
    .where((eb) => {
      if (kind === 'cached') return eb('settlements.cache_hit', '=', 1n);
      if (kind === 'unguarded') return eb('decisions.outcome', '=', 'unguarded');
      return eb('settlements.source', '=', 'assumed');
    })
    .groupBy('settlements.currency')
    .select((eb) => [
      'settlements.currency',
      eb.fn.countAll<bigint>().as('queries'),
      // PostgreSQL sums 64-bit integers to a decimal.
      sql<bigint>`cast(sum(${eb.ref('settlements.bytes_billed')}) as bigint)`.as('bytes_billed'),
      sql<bigint>`cast(sum(${eb.ref('settlements.cost_micros')}) as bigint)`.as('cost_micros'),
    ])
    .execute();
  return rows.map(({ currency, queries, bytes_billed, cost_micros }) => ({
    kind,
    currency,
    queries: Number(queries),
    bytesBilled: bytes_billed,
    costMicros: cost_micros,
  }));
}

/** How many queries of a span were admitted and are not settled yet: they are in no sum of spend. */
export async function countOpenQueries(db: LedgerReader, { fromMs, toMs }: TimeSpan): Promise<number> {
  const { queries } = await db
    .selectFrom('decisions')
    .leftJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .where('settlements.decision_id', 'is', null)
    .where('decisions.outcome', '=', 'admitted')
    .where('decisions.at_ms', '>=', BigInt(fromMs))
    .where('decisions.at_ms', '<', BigInt(toMs))
    .select((eb) => eb.fn.countAll<bigint>().as('queries'))
    .executeTakeFirstOrThrow();
  return Number(queries);
}
