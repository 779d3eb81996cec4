import { countsOf, type Report, type ReportRow } from './report.ts';

/** The report on two spans that do not overlap, combined as if they had been one. */
export function combine(a: Report, b: Report): Report {
  return {
    rows: sumRows([...a.rows, ...b.rows]),
    findings: [...a.findings, ...b.findings],
    counts: countsOf((status) => ({
      decisions: a.counts[status].decisions + b.counts[status].decisions,
      jobs: a.counts[status].jobs + b.counts[status].jobs,
    })),
    ownBytes: a.ownBytes + b.ownBytes,
  };
}

/** One row for each day, team and currency, in that order. */
export function sumRows(rows: Iterable<ReportRow>): readonly ReportRow[] {
  const sums = new Map<string, ReportRow>();
  for (const row of rows) {
    const key = JSON.stringify([row.day, row.team, row.currency]);
    const before = sums.get(key);
    sums.set(key, before === undefined ? row : plus(before, row));
  }
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function plus(a: ReportRow, b: ReportRow): ReportRow {
  return {
    ...a,
    decisions: a.decisions + b.decisions,
    jobs: a.jobs + b.jobs,
    ledgerBytes: a.ledgerBytes + b.ledgerBytes,
    warehouseBytes: a.warehouseBytes + b.warehouseBytes,
    ledgerMicros: a.ledgerMicros + b.ledgerMicros,
    warehouseMicros: a.warehouseMicros + b.warehouseMicros,
    findings: a.findings + b.findings,
  };
}
