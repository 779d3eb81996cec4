import { dateOf } from './judge.ts';
import { countsOf, type Report, type ReportRow } from './report.ts';
import { largestOfEachKind, sumByPrincipal, sumTotals } from './totals.ts';

/**
 * Reports on spans, or on parts of them, that do not overlap, combined as if there had been one.
 * @param most how many findings of each kind are kept, the largest
 */
export function combine(reports: readonly Report[], most = Number.POSITIVE_INFINITY): Report {
  const findings = reports.flatMap((report) => report.findings);
  return {
    rows: sumRows(reports.flatMap(({ rows }) => rows)),
    findings: largestOfEachKind(
      findings.toSorted((a, b) => dateOf(a) - dateOf(b)),
      most,
    ),
    totals: sumTotals(reports.map(({ totals }) => totals)),
    unguarded: sumByPrincipal(reports.flatMap(({ unguarded }) => unguarded)),
    counts: countsOf((status) => ({
      decisions: reports.reduce((all, { counts }) => all + counts[status].decisions, 0),
      jobs: reports.reduce((all, { counts }) => all + counts[status].jobs, 0),
    })),
    ownBytes: reports.reduce((all, { ownBytes }) => all + ownBytes, 0n),
  };
}

/** One row for each day, team and currency, in that order. */
export function sumRows(rows: readonly ReportRow[]): readonly ReportRow[] {
  const same = Map.groupBy(rows, ({ day, team, currency }) => JSON.stringify([day, team, currency]));
  return [...same].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, summed]) => summed.reduce(plus));
}

/** The sum of two rows, with the day, the team and the currency of the first. */
export function plus(a: ReportRow, b: ReportRow): ReportRow {
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
