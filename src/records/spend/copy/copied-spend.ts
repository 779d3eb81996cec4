import type { LedgerReader } from '../../../ledger/ledger.ts';
import {
  copiedSlices,
  copiesIn,
  JOINED_ROWS_AT_ONCE,
  type SpanSources,
  uncopiedPortions,
} from '../portions.ts';
import { emptyAsNull, groupAndSum, keyColumns, NOTHING_SHARED, ONE, ZERO } from '../spend-parts.ts';
import { type SpendKey, type SpendQuery, type SpendRow, zoneOfDays } from '../spend-query.ts';
import { recordedSpend, text, unrecordedSpend } from '../spend-sources.ts';

/** Spend according to the copy. */
export async function* copiedSpend(
  db: LedgerReader,
  query: SpendQuery,
  sources: SpanSources,
): AsyncGenerator<readonly SpendRow[]> {
  const rowsAtOnce = query.by.includes('table') ? JOINED_ROWS_AT_ONCE : undefined;
  for await (const slice of copiedSlices(db, sources, zoneOfDays(query), rowsAtOnce)) {
    const copied = copiesIn(db, slice);
    const spend = query.team === undefined ? copied : copied.where('query_spend.team', '=', query.team);
    const amounts = spend
      .select(keyColumns(query.by, (key) => (key === 'day' ? text(slice.day) : emptyAsNull(COLUMNS[key]))))
      .select(['currency', 'bytes_billed', 'free_bytes', 'cost_micros', 'slot_ms', ONE.as('queries')]);
    if (!query.by.includes('table')) {
      yield await groupAndSum(db, amounts.select(NOTHING_SHARED), query.by);
      continue;
    }
    const read = amounts
      .leftJoin('decision_tables', 'decision_tables.decision_id', 'query_spend.decision_id')
      .select((eb) => {
        const ifShared = (amount: 'bytes_billed' | 'cost_micros') =>
          eb.case().when('tables_read', '>', 1n).then(eb.ref(amount)).else(ZERO).end();
        return [
          eb.case().when('tables_read', '>', 1n).then(ONE).else(ZERO).end().as('shared_queries'),
          ifShared('bytes_billed').as('shared_bytes_billed'),
          ifShared('cost_micros').as('shared_cost_micros'),
        ];
      });
    yield await groupAndSum(db, read, query.by);
  }
}

const COLUMNS = {
  team: 'query_spend.team',
  principal: 'query_spend.principal',
  person: 'query_spend.person',
  dashboard: 'query_spend.dashboard',
  card: 'query_spend.card',
  table: 'decision_tables.table_name',
  fingerprint: 'query_spend.fingerprint',
  project: 'query_spend.project_id',
  tool: 'query_spend.tool',
} as const satisfies Readonly<Record<Exclude<SpendKey, 'day'>, string>>;

/** Spend of the queries that the copy does not tell of, according to their records. */
export async function* uncopiedSpend(
  db: LedgerReader,
  query: SpendQuery,
  sources: SpanSources,
): AsyncGenerator<readonly SpendRow[]> {
  for await (const portion of uncopiedPortions(db, sources, zoneOfDays(query))) {
    yield await recordedSpend(db, query, portion);
    if (query.team === undefined) yield await unrecordedSpend(db, query, portion);
  }
}
