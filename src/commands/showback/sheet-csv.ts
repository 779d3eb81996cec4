import { compare } from '../../foundation/lists/compare.ts';
import { type CsvDialect, csvText, decimalCell } from '../../foundation/text/csv.ts';
import { plus } from '../../records/spend/sum-rows.ts';
import type { DailySpend, MonthSheet } from '../../service/questions/gather-month.ts';
import { convertParts, type ExchangeOn } from '../../vocabulary/exchange.ts';
import { decimalOf, type Micros } from '../../vocabulary/money.ts';
import { csvHead, csvLine } from '../spend/formats.ts';

/**
 * A month's sheet with exact decimals. After the currency of the prices come the others for which the policy has rates,
 * each day at its own; a cell is empty if a day has none.
 */
export function sheetAsCsv({ by, daily }: MonthSheet, exchangeOn: ExchangeOn, dialect: CsvDialect): string {
  const others = [...new Set(daily.flatMap(({ day }) => exchangeOn(day).exchangeRates.map(({ to }) => to)))];
  const head = [...csvHead(by), ...others.map((other) => `cost_${other.toLowerCase()}`)];
  const lines = linesOf(by.includes('day'), convertedTo(others, daily, exchangeOn)).map((line) => [
    ...csvLine(line, dialect),
    ...line.converted.map((micros) => (micros === null ? null : decimalCell(decimalOf(micros), dialect))),
  ]);
  return csvText(head, lines, dialect);
}

/** A part of a line: a day, in each of the other currencies. */
interface Converted extends DailySpend {
  readonly converted: readonly (Micros | null)[];
}

function convertedTo(
  others: readonly string[],
  daily: readonly DailySpend[],
  exchangeOn: ExchangeOn,
): readonly Converted[] {
  const parts = daily.map(({ day, currency, costMicros }) => ({
    day,
    cost: { currency, micros: costMicros },
  }));
  const columns = others.map((other) => convertParts(parts, other, exchangeOn));
  return daily.map((row, i) => ({ ...row, converted: columns.map((column) => column[i] ?? null) }));
}

/** The sum of each line's parts; most bytes first, or in order of days if each has a line of its own. */
function linesOf(isByDay: boolean, parts: readonly Converted[]): readonly Converted[] {
  const byLine = Map.groupBy(parts, ({ currency, keys }) => JSON.stringify([currency, ...keys]));
  const lines = [...byLine.values()].map((ofLine) => ofLine.reduce(plusConverted));
  return isByDay ? lines : lines.toSorted((a, b) => compare(b.bytesBilled, a.bytesBilled));
}

function plusConverted(sum: Converted, part: Converted): Converted {
  return {
    ...plus(sum, part),
    day: sum.day,
    converted: sum.converted.map((micros, i) => {
      const more = part.converted[i] ?? null;
      return micros === null || more === null ? null : micros + more;
    }),
  };
}
