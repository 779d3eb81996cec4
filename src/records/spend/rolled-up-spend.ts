import { firstDayFrom } from '../../foundation/calendar/days.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { emptyAsNull, groupAndSum, keyColumns, NOTHING_SHARED, sumOf } from './spend-parts.ts';
import type { SpendQuery, SpendRow } from './spend-query.ts';

/** How many queries of the span are rolled up. It grows when more of the span is pruned. */
export async function countRolledUpQueries(db: LedgerReader, query: SpendQuery): Promise<bigint> {
  const { first, end } = datesOf(query);
  const { queries } = await db
    .selectFrom('spend_by_day')
    .select((eb) => sumOf(eb.ref('queries')).as('queries'))
    .where('day', '>=', first)
    .where('day', '<', end)
    .executeTakeFirstOrThrow();
  return queries;
}

/** The dates in the span that are rolled up. */
export async function rolledUpDays(db: LedgerReader, query: SpendQuery): Promise<readonly string[]> {
  const { first, end } = datesOf(query);
  const days = await db
    .selectFrom('spend_by_day')
    .select('day')
    .distinct()
    .where('day', '>=', first)
    .where('day', '<', end)
    .execute();
  return days.map(({ day }) => day);
}

function datesOf({ fromMs, toMs, timeZone = 'UTC' }: SpendQuery) {
  return { first: firstDayFrom(fromMs, timeZone), end: firstDayFrom(toMs, timeZone) };
}

/** The spend of a rolled-up date. */
export function rolledUpSpend(
  db: LedgerReader,
  { by, team }: SpendQuery,
  day: string,
): Promise<readonly SpendRow[]> {
  if (by.includes('table')) {
    const spend = db
      .selectFrom('table_spend_by_day')
      .where('day', '=', day)
      .select(keyColumns(by, (key) => emptyAsNull(key === 'table' ? 'table_name' : key)))
      .select(['currency', 'queries', 'bytes_billed', 'free_bytes', 'cost_micros', 'slot_ms'])
      .select(['shared_queries', 'shared_bytes_billed', 'shared_cost_micros']);
    return groupAndSum(db, team === undefined ? spend : spend.where('team', '=', team), by);
  }
  const spend = db
    .selectFrom('spend_by_day')
    .where('day', '=', day)
    .select(keyColumns(by, (key) => emptyAsNull(key === 'project' ? 'project_id' : key)))
    .select(['currency', 'queries', 'bytes_billed', 'free_bytes', 'cost_micros', 'slot_ms'])
    .select(NOTHING_SHARED);
  return groupAndSum(db, team === undefined ? spend : spend.where('team', '=', team), by);
}
