import { dayAt } from '../../calendar/days.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { chunks } from '../../lists/chunks.ts';
import { slicesOf } from '../slices.ts';
import { copiedUpTo, queriesOf } from './copy-spend.ts';
import { spendOfEach } from './spend-of-queries.ts';
import { emptyAsNull, groupAndSum, keyColumns, NOTHING_SHARED, ONE, ZERO } from './spend-parts.ts';
import { type SpendKey, type SpendQuery, type SpendRow, zoneOfDays } from './spend-query.ts';
import { recordedSpend, text, unrecordedSpend } from './spend-sources.ts';

/** With more entries than this that are not copied, the copy is of little use: it is being made. */
const MOST_UNCOPIED = 2_000;

/** The copy's rows are small, and whoever sums up so many guards no queries meanwhile. */
const ROWS_AT_ONCE = 100_000;

const IDS_AT_ONCE = 500;

/**
 * The queries about which something was entered that is not in the copy: they count as the records say, the others as
 * the copy says. Null if there is no copy, or there are too many.
 */
export async function uncopiedQueries(db: LedgerReader): Promise<readonly string[] | null> {
  const copied = await copiedUpTo(db);
  if (copied === 0n) return null;
  const entries = db.selectFrom('journal').select(['kind', 'id']);
  // In this order: an entry that is sealed meanwhile is found twice, and not missed.
  const unsealed = await entries
    .where('seal', 'is', null)
    .limit(MOST_UNCOPIED + 1)
    .execute();
  const sealed = await entries
    .where('seal', '>', copied)
    .limit(MOST_UNCOPIED + 1)
    .execute();
  return unsealed.length + sealed.length > MOST_UNCOPIED ? null : queriesOf([...unsealed, ...sealed]);
}

/** Spend according to the copy, without some queries. */
export async function* copiedSpend(
  db: LedgerReader,
  query: SpendQuery,
  without: readonly string[],
): AsyncGenerator<readonly SpendRow[]> {
  for await (const slice of slicesOf(db, 'query_spend', query, zoneOfDays(query), ROWS_AT_ONCE)) {
    const all = db
      .selectFrom('query_spend')
      .where('query_spend.at_ms', '>=', slice.fromMs)
      .where('query_spend.at_ms', '<', slice.toMs);
    const copied = without.length === 0 ? all : all.where('query_spend.decision_id', 'not in', without);
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

/** Spend of some queries, as far as they are within the time asked for, according to their records. */
export async function* spendOfQueries(
  db: LedgerReader,
  query: SpendQuery,
  ids: readonly string[],
): AsyncGenerator<readonly SpendRow[]> {
  const zone = zoneOfDays(query);
  for (const some of chunks(ids, IDS_AT_ONCE)) {
    const within = (await spendOfEach(db, some).execute()).filter(
      ({ at_ms }) => query.fromMs <= at_ms && at_ms < query.toMs,
    );
    const byDay = Map.groupBy(within, ({ at_ms }) => (zone === null ? null : dayAt(Number(at_ms), zone).day));
    for (const [day, queries] of byDay) {
      const portion = { ids: queries.map(({ decision_id }) => decision_id), day };
      yield await recordedSpend(db, query, portion);
      if (query.team === undefined) yield await unrecordedSpend(db, query, portion);
    }
  }
}
