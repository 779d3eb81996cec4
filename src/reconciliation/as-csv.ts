import { stringify } from 'csv-stringify/sync';
import { flat } from './flat.ts';
import type { Printed } from './printed.ts';

const COLUMNS = [
  'kind',
  'day',
  'team',
  'decisions',
  'jobs',
  'at',
  'project',
  'principal',
  'decision',
  'job',
  'ledgerBytes',
  'warehouseBytes',
  'ledgerCurrency',
  'ledgerMicros',
  'warehouseCurrency',
  'warehouseMicros',
  'sql',
];

/** A line of kind `day` for each team's day, then one for each finding, under one heading. */
export function asCsv({ report }: Printed): string {
  const days = report.rows.map(({ currency, findings: _findings, ...row }) => ({
    ...row,
    kind: 'day',
    ledgerCurrency: currency,
    warehouseCurrency: currency,
  }));
  // SQL, labels and names are other people's words: a spreadsheet must not run them.
  return stringify([...days, ...report.findings.map(flat)], {
    header: true,
    columns: COLUMNS,
    escape_formulas: true,
    cast: { bigint: String },
  });
}
