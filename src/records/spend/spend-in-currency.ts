import { dayAt } from '../../foundation/calendar/days.ts';
import { DAY_MS } from '../../foundation/calendar/durations.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { type Conversion, convertRows } from '../../vocabulary/exchange.ts';
import { spendUpTo } from './spend-by.ts';
import type { SpendQuery, SpendRow } from './spend-query.ts';
import { inOrder, sumRows } from './sum-rows.ts';

/**
 * Days are summed here, so there are more rows than in the answer: those of this many days at once, as many as the memory
 * of the process has room for.
 */
const DAYS_AT_ONCE = 16;

/**
 * Spend in another currency, each day at its own rate. What was paid in a currency from which there is no rate keeps it, in
 * rows of its own.
 * @param maxRows null for no limit
 * @returns null if there are more rows than that
 * @throws as `spendBy`; RangeError also if the days would be one key too many
 */
export async function spendIn(
  db: LedgerReader,
  query: SpendQuery,
  conversion: Conversion,
  maxRows: number | null,
): Promise<readonly SpendRow[] | null> {
  const isByDay = query.by.includes('day');
  const byDay: SpendQuery = isByDay ? query : { ...query, by: [...query.by, 'day'] };
  const atOnce = maxRows === null ? null : maxRows * (isByDay ? 1 : DAYS_AT_ONCE);
  const daily = await spendUpTo(db, byDay, atOnce);
  const rows = daily === null ? await halves() : converted(daily);
  if (rows === null || (maxRows !== null && rows.length > maxRows)) return null;
  return inOrder(rows, query.by);

  async function halves(): Promise<readonly SpendRow[] | null> {
    const { fromMs, toMs, timeZone = 'UTC' } = query;
    // One of so few days has more rows than the whole answer may have.
    if (isByDay || toMs - fromMs <= (DAYS_AT_ONCE - 1) * DAY_MS) return null;
    const middleMs = dayAt(Math.floor((fromMs + toMs) / 2), timeZone).startMs;
    const first = await spendIn(db, { ...query, toMs: middleMs }, conversion, maxRows);
    const second = first && (await spendIn(db, { ...query, fromMs: middleMs }, conversion, maxRows));
    return first && second && sumRows([...first, ...second]);
  }

  function converted(rowsOfDays: readonly SpendRow[]): readonly SpendRow[] {
    const place = byDay.by.indexOf('day');
    const rowsIn = convertRows(rowsOfDays, conversion, {
      dayOf: ({ keys }) => keys[place] ?? '',
      amounts: ['costMicros', 'sharedCostMicros'],
    });
    return sumRows(isByDay ? rowsIn : rowsIn.map(withoutLastKey));
  }
}

function withoutLastKey(row: SpendRow): SpendRow {
  return { ...row, keys: row.keys.slice(0, -1) };
}
