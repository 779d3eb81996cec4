import { chunks } from '../../../foundation/lists/chunks.ts';
import { csvRows, csvText } from '../../../foundation/text/csv.ts';
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

/** So many findings are text in memory at once. */
const FINDINGS_AT_ONCE = 1_000;

/** A line of kind `day` for each team's day, then one for each finding, under one heading; in parts. */
export function* asCsv({ report }: Printed): Generator<string> {
  const days = report.rows.map(({ currency, findings: _findings, ...row }) => ({
    ...row,
    kind: 'day',
    ledgerCurrency: currency,
    warehouseCurrency: currency,
  }));
  yield csvText(COLUMNS, days);
  for (const some of chunks(report.findings, FINDINGS_AT_ONCE)) {
    yield csvRows(
      COLUMNS,
      some.map((finding) => ({ ...flat(finding) })),
    );
  }
}
