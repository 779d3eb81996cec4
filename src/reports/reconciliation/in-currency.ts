import { type Conversion, convertRows } from '../../vocabulary/exchange.ts';
import { sumRows } from './combine.ts';
import type { Report } from './report.ts';

/** The report with each day's costs at the rate of that day, as spend is converted. */
export function inCurrency(report: Report, conversion: Conversion): Report {
  const rows = convertRows(report.rows, conversion, {
    dayOf: ({ day }) => day,
    amounts: ['ledgerMicros', 'warehouseMicros'],
  });
  // Some of a team's day may have been settled in that currency before.
  return { ...report, rows: sumRows(rows) };
}
