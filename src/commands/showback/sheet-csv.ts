import { compare } from '../../lists/compare.ts';
import type { DailySpend, MonthSheet } from '../../service/questions/gather-month.ts';
import { convertParts, type PricingOn } from '../../showback/other-currencies.ts';
import { type CsvDialect, csvText, decimalCell } from '../../text/csv.ts';
import { decimalOf, type Micros } from '../../vocabulary/money.ts';

/**
 * A month's sheet with exact decimals. After the currency of the prices come the others for which the policy has rates,
 * each day at its own; a cell is empty if a day has none.
 */
export function sheetAsCsv({ by, daily }: MonthSheet, pricingOn: PricingOn, dialect: CsvDialect): string {
  const others = [...new Set(daily.flatMap(({ day }) => pricingOn(day).exchangeRates.map(({ to }) => to)))];
  const head = [...by, 'queries', 'bytes_billed', 'free_bytes', 'slot_ms', 'cost', 'currency'];
  const figure = (micros: Micros) => decimalCell(decimalOf(micros), dialect);
  const lines = linesOf(by.includes('day'), convertedTo(others, daily, pricingOn)).map((parts) => [
    ...(parts[0]?.keys ?? []),
    parts.reduce((sum, { queries }) => sum + queries, 0),
    total(parts, 'bytesBilled'),
    total(parts, 'freeBytes'),
    total(parts, 'slotMs'),
    figure(total(parts, 'costMicros')),
    parts[0]?.currency,
    ...others.map((_other, place) => {
      const micros = parts.map(({ converted }) => converted[place] ?? null);
      return micros.includes(null)
        ? null
        : figure(micros.reduce<Micros>((sum, one) => sum + (one ?? 0n), 0n));
    }),
  ]);
  return csvText([...head, ...others.map((other) => `cost_${other.toLowerCase()}`)], lines, dialect);
}

/** A part of a line: a day, in each of the other currencies. */
interface Converted extends DailySpend {
  readonly converted: readonly (Micros | null)[];
}

function convertedTo(
  others: readonly string[],
  daily: readonly DailySpend[],
  pricingOn: PricingOn,
): readonly Converted[] {
  const parts = daily.map(({ day, currency, costMicros }) => ({
    day,
    cost: { currency, micros: costMicros },
  }));
  const columns = others.map((other) => convertParts(parts, other, pricingOn));
  return daily.map((row, i) => ({ ...row, converted: columns.map((column) => column[i] ?? null) }));
}

/** The parts of each line; most bytes first, or in order of days if each has a line of its own. */
function linesOf(isByDay: boolean, parts: readonly Converted[]): readonly (readonly Converted[])[] {
  const lines = [...Map.groupBy(parts, ({ currency, keys }) => JSON.stringify([currency, ...keys])).values()];
  return isByDay
    ? lines
    : lines.toSorted((a, b) => compare(total(b, 'bytesBilled'), total(a, 'bytesBilled')));
}

function total(
  parts: readonly DailySpend[],
  of: 'bytesBilled' | 'freeBytes' | 'slotMs' | 'costMicros',
): bigint {
  return parts.reduce((sum, part) => sum + part[of], 0n);
}
