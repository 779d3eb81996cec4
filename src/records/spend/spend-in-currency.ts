import type { LedgerReader } from '../../ledger/ledger.ts';
import { type Conversion, convertRows } from '../../vocabulary/exchange.ts';
import { spendUpTo } from './spend-by.ts';
import type { SpendQuery, SpendRow } from './spend-query.ts';
import { inOrder, sumRows } from './sum-rows.ts';

/** How many rows, of a day each, are read at most for each row of the answer, in which they are summed. */
const DAYS_FOR_A_ROW = 31;

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
  const daily = await spendUpTo(
    db,
    isByDay ? query : { ...query, by: [...query.by, 'day'] },
    maxRows === null ? null : maxRows * (isByDay ? 1 : DAYS_FOR_A_ROW),
  );
  if (daily === null) return null;
  const dayAt = isByDay ? query.by.indexOf('day') : query.by.length;
  const converted = convertRows(daily, conversion, {
    dayOf: ({ keys }) => keys[dayAt] ?? '',
    amounts: ['costMicros', 'sharedCostMicros'],
  });
  const rows = sumRows(isByDay ? converted : converted.map(withoutLastKey));
  return maxRows !== null && rows.length > maxRows ? null : inOrder(rows, query.by);
}

function withoutLastKey(row: SpendRow): SpendRow {
  return { ...row, keys: row.keys.slice(0, -1) };
}
