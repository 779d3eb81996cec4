import { csvText } from '../../text/csv.ts';
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
  return csvText(COLUMNS, [...days, ...report.findings.map((finding) => ({ ...flat(finding) }))]);
}
