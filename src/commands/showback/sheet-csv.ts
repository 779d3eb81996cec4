import { compare } from '../../lists/compare.ts';
import type { SpendRow } from '../../records/spend/spend-query.ts';
import type { MonthSheet } from '../../service/questions/gather-month.ts';
import { costOfDaysIn, type PricingOn } from '../../showback/other-currencies.ts';
import { type CsvDialect, csvText, decimalCell } from '../../text/csv.ts';
import { decimalOf } from '../../vocabulary/money.ts';

/**
 * A month's sheet with exact decimals. After the currency of the prices come the others for which the policy has rates,
 * each day at its own; a cell is empty if a day has none.
 */
export function sheetAsCsv({ by, daily }: MonthSheet, pricingOn: PricingOn, dialect: CsvDialect): string {
  const others = [
    ...new Set(daily.flatMap((row) => pricingOn(dayOf(row)).exchangeRates.map(({ to }) => to))),
  ];
  const head = [...by, 'queries', 'bytes_billed', 'free_bytes', 'slot_ms', 'cost', 'currency'];
  const figure = (micros: bigint) => decimalCell(decimalOf(micros), dialect);
  const lines = linesOf(by.length, daily).map((days) => [
    ...(days[0]?.keys.slice(0, by.length) ?? []),
    days.reduce((sum, { queries }) => sum + queries, 0),
    total(days, 'bytesBilled'),
    total(days, 'freeBytes'),
    total(days, 'slotMs'),
    figure(total(days, 'costMicros')),
    days[0]?.currency,
    ...others.map((other) => {
      const micros = costOfDaysIn(
        days.map((row) => ({ day: dayOf(row), cost: { currency: row.currency, micros: row.costMicros } })),
        other,
        pricingOn,
      );
      return micros === null ? null : figure(micros);
    }),
  ]);
  return csvText([...head, ...others.map((other) => `cost_${other.toLowerCase()}`)], lines, dialect);
}

function dayOf({ keys }: SpendRow): string {
  return keys.at(-1) ?? '';
}

/** The days of each line; most bytes first, or in order of days if each has a line of its own. */
function linesOf(keys: number, daily: readonly SpendRow[]): readonly (readonly SpendRow[])[] {
  const lines = [
    ...Map.groupBy(daily, (row) => JSON.stringify([row.currency, ...row.keys.slice(0, keys)])).values(),
  ];
  const isByDay = daily.every((row) => row.keys.length === keys);
  return isByDay
    ? lines
    : lines.toSorted((a, b) => compare(total(b, 'bytesBilled'), total(a, 'bytesBilled')));
}

function total(rows: readonly SpendRow[], of: 'bytesBilled' | 'freeBytes' | 'slotMs' | 'costMicros'): bigint {
  return rows.reduce((sum, row) => sum + row[of], 0n);
}
