import { type Expression, type ExpressionBuilder, sql } from 'kysely';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { LedgerSchema } from '../ledger/schema.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import type { Micros } from '../vocabulary/money.ts';

export interface SpendQuery {
  readonly by: 'team' | 'person' | 'dashboard' | 'table' | 'fingerprint';
  /** From this instant of admission on … */
  readonly fromMs: number;
  /** … up to, and without, this one. */
  readonly toMs: number;
}

/** What settled queries came to. Currencies are never added up: one row for each. */
export interface SpendRow {
  /** The team, person, …; null where the queries name none. */
  readonly key: string | null;
  readonly currency: string;
  readonly queries: number;
  readonly bytesBilled: Bytes;
  readonly costMicros: Micros;
  /**
   * The part of this row that other rows count as well; 0 but by table. What is left of a column after taking this
   * off counts once over all rows.
   */
  readonly sharedQueries: number;
  readonly sharedBytesBilled: Bytes;
  readonly sharedCostMicros: Micros;
}

/**
 * Settled spend, the most bytes first, by when the query was admitted, as budgets charge it. A settlement whose
 * decision was never recorded counts under the key null, by when it was settled.
 *
 * By table, a query counts in full for each table that it read, since BigQuery does not bill by table: a row says
 * what the queries that read the table came to. A query of several tables is in several rows; `shared…` says how much
 * of each row that is. A query that read no table counts under the key null.
 */
export async function spendBy(db: LedgerReader, query: SpendQuery): Promise<readonly SpendRow[]> {
  const recorded = query.by === 'table' ? perTable(db, query) : perQuery(db, query, query.by);
  const rows = await db
    .selectFrom(recorded.unionAll(unrecorded(db, query)).as('spent'))
    .select((eb) => [
      'key',
      'currency',
      eb.fn.countAll<bigint>().as('queries'),
      sumOf(eb.ref('bytes_billed')).as('bytes_billed'),
      sumOf(eb.ref('cost_micros')).as('cost_micros'),
      sumOf(eb.ref('shared')).as('shared_queries'),
      sumOf(eb('shared', '*', eb.ref('bytes_billed'))).as('shared_bytes_billed'),
      sumOf(eb('shared', '*', eb.ref('cost_micros'))).as('shared_cost_micros'),
    ])
    .groupBy(['key', 'currency'])
    .orderBy('bytes_billed', 'desc')
    .orderBy('key')
    .orderBy('currency')
    .execute();
  return rows.map((row) => ({
    key: row.key,
    currency: row.currency,
    queries: Number(row.queries),
    bytesBilled: row.bytes_billed,
    costMicros: row.cost_micros,
    sharedQueries: Number(row.shared_queries),
    sharedBytesBilled: row.shared_bytes_billed,
    sharedCostMicros: row.shared_cost_micros,
  }));
}

/** PostgreSQL sums 64-bit integers to a decimal; SQLite fails where the sum does not fit. */
function sumOf(amount: Expression<bigint>) {
  return sql<bigint>`cast(sum(${amount}) as bigint)`;
}

const COLUMNS = {
  team: 'decisions.team',
  person: 'decisions.person',
  dashboard: 'decisions.dashboard',
  fingerprint: 'decisions.fingerprint',
} as const;

const SPENT = ['settlements.currency', 'settlements.bytes_billed', 'settlements.cost_micros'] as const;

const NOT_SHARED = sql<bigint>`0`;

/** One row for each settled query. */
function perQuery(db: LedgerReader, query: SpendQuery, by: keyof typeof COLUMNS) {
  return settledQueries(db, query)
    .select((eb) => eb.ref(COLUMNS[by]).$castTo<string | null>().as('key'))
    .select(NOT_SHARED.as('shared'))
    .select(SPENT);
}

/** One row for each settled query and table that it read. */
function perTable(db: LedgerReader, query: SpendQuery) {
  return settledQueries(db, query)
    .leftJoin('decision_tables', 'decision_tables.decision_id', 'decisions.id')
    .select('decision_tables.table_name as key')
    .select((eb) =>
      eb
        .case()
        .when(
          eb.exists(
            eb
              .selectFrom('decision_tables as other')
              .select('other.decision_id')
              .whereRef('other.decision_id', '=', 'decisions.id')
              .whereRef('other.table_name', '<>', 'decision_tables.table_name'),
          ),
        )
        .then(sql<bigint>`1`)
        .else(NOT_SHARED)
        .end()
        .as('shared'),
    )
    .select(SPENT);
}

function settledQueries(db: LedgerReader, { fromMs, toMs }: SpendQuery) {
  return db
    .selectFrom('decisions')
    .innerJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .where('decisions.at_ms', '>=', BigInt(fromMs))
    .where('decisions.at_ms', '<', BigInt(toMs))
    .where(stands);
}

/** Settlements without a decision, in the shape of the other two. */
function unrecorded(db: LedgerReader, { fromMs, toMs }: SpendQuery) {
  return db
    .selectFrom('settlements')
    .leftJoin('decisions', 'decisions.id', 'settlements.decision_id')
    .where('decisions.id', 'is', null)
    .where('settlements.at_ms', '>=', BigInt(fromMs))
    .where('settlements.at_ms', '<', BigInt(toMs))
    .where(stands)
    .select(sql<string | null>`cast(null as text)`.as('key'))
    .select(NOT_SHARED.as('shared'))
    .select(SPENT);
}

/** An assumed settlement counts until there is one that is known. */
function stands(eb: ExpressionBuilder<LedgerSchema, 'settlements'>) {
  const known = eb
    .selectFrom('settlements as known')
    .select('known.decision_id')
    .whereRef('known.decision_id', '=', 'settlements.decision_id')
    .where('known.assumed', '=', 0n);
  return eb.or([eb('settlements.assumed', '=', 0n), eb.not(eb.exists(known))]);
}
