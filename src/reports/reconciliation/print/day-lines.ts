import { alignColumns } from '../../../foundation/text/text-table.ts';
import { formatBytes } from '../../../vocabulary/bytes.ts';
import { formatMoney } from '../../../vocabulary/money.ts';
import { plus } from '../combine.ts';
import type { ReportRow } from '../report.ts';

const HEADING = [
  '',
  'day',
  'team',
  'decisions',
  'jobs',
  'ledger',
  'warehouse',
  'difference',
  'ledger cost',
  'warehouse cost',
];

/** A line for each team's day, and what they add up to in each currency. */
export function dayLines(rows: readonly ReportRow[]): readonly string[] {
  if (rows.length === 0) return ['No query ran.', ''];
  const days = rows.map((row) => [
    row.findings > 0 ? '!' : ' ',
    row.day,
    row.team === '' ? '(none)' : row.team,
    ...figures(row),
  ]);
  const totals = [...Map.groupBy(rows, ({ currency }) => currency).values()].map((ofCurrency) => [
    ' ',
    'total',
    '',
    ...figures(ofCurrency.reduce(plus)),
  ]);
  return [...alignColumns([HEADING, ...days, ...totals], 3), ''];
}

function figures(row: ReportRow): readonly string[] {
  return [
    row.decisions.toLocaleString('en'),
    row.jobs.toLocaleString('en'),
    formatBytes(row.ledgerBytes),
    formatBytes(row.warehouseBytes),
    signedBytes(row.warehouseBytes - row.ledgerBytes),
    formatMoney({ currency: row.currency, micros: row.ledgerMicros }),
    formatMoney({ currency: row.currency, micros: row.warehouseMicros }),
  ];
}

function signedBytes(bytes: bigint): string {
  if (bytes === 0n) return '0 B';
  return bytes > 0n ? `+${formatBytes(bytes)}` : `-${formatBytes(-bytes)}`;
}
