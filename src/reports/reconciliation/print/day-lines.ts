import { alignColumns } from '../../../foundation/text/text-table.ts';
import { formatBytes } from '../../../vocabulary/bytes.ts';
import type { Currency } from '../../../vocabulary/money.ts';
import { formatMoney } from '../../../vocabulary/money.ts';
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
  const totals = [...Map.groupBy(rows, ({ currency }) => currency)].map(([currency, ofCurrency]) => [
    ' ',
    'total',
    '',
    ...figures(sumOf(currency, ofCurrency)),
  ]);
  return [...alignColumns([HEADING, ...days, ...totals], 3), ''];
}

type Figures = Omit<ReportRow, 'day' | 'team' | 'findings'>;

function figures(row: Figures): readonly string[] {
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

function sumOf(currency: Currency, rows: readonly ReportRow[]): Figures {
  return rows.reduce<Figures>(
    (sum, row) => ({
      currency,
      decisions: sum.decisions + row.decisions,
      jobs: sum.jobs + row.jobs,
      ledgerBytes: sum.ledgerBytes + row.ledgerBytes,
      warehouseBytes: sum.warehouseBytes + row.warehouseBytes,
      ledgerMicros: sum.ledgerMicros + row.ledgerMicros,
      warehouseMicros: sum.warehouseMicros + row.warehouseMicros,
    }),
    {
      currency,
      decisions: 0,
      jobs: 0,
      ledgerBytes: 0n,
      warehouseBytes: 0n,
      ledgerMicros: 0n,
      warehouseMicros: 0n,
    },
  );
}

function signedBytes(bytes: bigint): string {
  if (bytes === 0n) return '0 B';
  return bytes > 0n ? `+${formatBytes(bytes)}` : `-${formatBytes(-bytes)}`;
}
