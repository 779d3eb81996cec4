import { formatCount } from '../../foundation/pages/formats.ts';
import { csvText, decimalCell, PLAIN } from '../../foundation/text/csv.ts';
import { alignColumns, printable } from '../../foundation/text/text-table.ts';
import { currencyTotals, type SavingSums } from '../../reports/savings/saving.ts';
import type { SavingsReport } from '../../reports/savings/savings.ts';
import { formatBytes } from '../../vocabulary/bytes.ts';
import { decimalOf, formatMoney } from '../../vocabulary/money.ts';

/** For people: aligned columns, what refusals and accepted rewrites saved, and the totals. */
export function savingsAsTable({ by, from, to, timeZone, rows, recordsFrom }: SavingsReport): string {
  const title = `Savings by ${by.join(', ')}, ${from} to ${to} (left out), days of ${timeZone}`;
  const note =
    recordsFrom === null ? '' : `\nRecords of before ${recordsFrom} were pruned: nothing is counted there.\n`;
  if (rows.length === 0) return `${title}\nNothing was refused.\n${note}`;
  const head = [...by, 'queries', 'refused', 'saved', 'refused cost', 'saved cost', 'because of'];
  const lines = rows.map((row) => [...row.keys.map(printable), ...figures(row), row.cause]);
  const totals = currencyTotals(rows).map((row) => [
    'total',
    ...by.slice(1).map(() => ''),
    ...figures(row),
    '',
  ]);
  return `${title}\n\n${alignColumns([head, ...lines, ...totals], by.length, 'text').join('\n')}\n${note}`;
}

function figures(row: SavingSums & { readonly currency: string }): readonly string[] {
  const { currency } = row;
  return [
    formatCount(row.needs, 'en'),
    formatBytes(row.estimatedBytes),
    formatBytes(row.savedBytes),
    formatMoney({ currency, micros: row.estimatedCostMicros }),
    formatMoney({ currency, micros: row.savedCostMicros }),
  ];
}

/** For spreadsheets: exact decimals. */
export function savingsAsCsv({ by, rows }: Pick<SavingsReport, 'by' | 'rows'>, dialect = PLAIN): string {
  const head = [
    ...by,
    'cause',
    'queries',
    'attempts',
    'estimated_bytes',
    'saved_bytes',
    'estimated_cost',
    'saved_cost',
    'currency',
  ];
  return csvText(
    head,
    rows.map((row) => [
      ...row.keys,
      row.cause,
      row.needs,
      row.attempts,
      row.estimatedBytes,
      row.savedBytes,
      decimalCell(decimalOf(row.estimatedCostMicros), dialect),
      decimalCell(decimalOf(row.savedCostMicros), dialect),
      row.currency,
    ]),
    dialect,
  );
}

/** For programs: amounts as decimal text, since they may exceed what a float holds exactly. */
export function savingsAsJson({ rows, ...report }: SavingsReport): string {
  const savings = rows.map((row) => ({
    ...Object.fromEntries(report.by.map((key, i) => [key, row.keys[i]])),
    cause: row.cause,
    currency: row.currency,
    queries: row.needs,
    attempts: row.attempts,
    estimatedBytes: String(row.estimatedBytes),
    savedBytes: String(row.savedBytes),
    estimatedCost: decimalOf(row.estimatedCostMicros),
    savedCost: decimalOf(row.savedCostMicros),
  }));
  return `${JSON.stringify({ ...report, savings }, null, 2)}\n`;
}
