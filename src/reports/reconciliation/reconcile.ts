import type { TimeSpan } from '../../vocabulary/time-span.ts';
import { amountsOf } from './amounts.ts';
import { sumRows } from './combine.ts';
import type { WarehouseJob } from './jobs/warehouse-job.ts';
import { dateOf, type Judged, type JudgeOptions, judge } from './judge.ts';
import type { LedgerEntry } from './ledger/ledger-entry.ts';
import { type Pairing, pair } from './pair.ts';
import {
  type Compared,
  countsOf,
  type Finding,
  findingKinds,
  type Report,
  type ReportRow,
  type Unbalanced,
} from './report.ts';
import { largestOfEachKind, sumByPrincipal, totalsByKind, unguardedAmong } from './totals.ts';

export interface ReconcileOptions extends JudgeOptions {
  /** The span of the report. Entries and jobs from some minutes around it help to pair those at its edges. */
  readonly span: TimeSpan;
  /** The ISO date of an instant. */
  readonly dayOf: (atMs: number) => string;
  /** The team of a principal, according to the policy. */
  readonly teamOf: (principal: string | null) => string;
  /** How many findings of each kind the report keeps, the largest: all by default. */
  readonly mostFindings?: number;
}

/**
 * Compares the ledger with the warehouse's own list of jobs, query by query, so that errors that cancel out in a sum
 * are found too. A decision and its job count on the day of the decision.
 * @param jobs each once
 * @param instantOf when else each counts
 */
export function reconcile(
  entries: readonly LedgerEntry[],
  jobs: readonly WarehouseJob[],
  options: ReconcileOptions,
  instantOf = dateOf,
): Report {
  return reportOn(pair(entries, jobs), options, instantOf);
}

/**
 * The report on what was paired, and on what was not.
 * @param instantOf when each counts, which decides whether it is in the span
 */
export function reportOn(pairing: Pairing, options: ReconcileOptions, instantOf = dateOf): Report {
  const { span, dayOf, teamOf, pricing, mostFindings = Number.POSITIVE_INFINITY } = options;
  const judged = judge(pairing, options).filter((one) => isWithin(span, instantOf(one)));
  const findings: Finding[] = [];
  const rows: ReportRow[] = [];
  for (const one of judged) {
    const amounts = amountsOf(one, pricing);
    if (amounts === null) continue;
    const day = dayOf(instantOf(one));
    const team = one.entry?.team ?? teamOf(one.job?.principal ?? null);
    rows.push(...rowsOf(one, { day, team, ...amounts }));
    if (isUnbalanced(one)) findings.push({ ...one, day, team, ...amounts });
  }
  const byKind = Map.groupBy(judged, ({ kind }) => kind);
  return {
    rows: sumRows(rows),
    findings: largestOfEachKind(findings, mostFindings),
    totals: totalsByKind(findings),
    unguarded: sumByPrincipal(unguardedAmong(findings)),
    counts: countsOf((status) => {
      const ofKind = byKind.get(status) ?? [];
      return {
        decisions: ofKind.filter(({ entry }) => entry !== null).length,
        jobs: ofKind.filter(({ job }) => job !== null).length,
      };
    }),
    ownBytes: (byKind.get('own') ?? []).reduce((sum, { job }) => sum + (job?.bytesBilled ?? 0n), 0n),
  };
}

/** Whether an instant is in a span. */
export function isWithin({ fromMs, toMs }: TimeSpan, atMs: number): boolean {
  return atMs >= fromMs && atMs < toMs;
}

function isUnbalanced(one: Judged): one is Judged & Unbalanced {
  return findingKinds.some((kind) => kind === one.kind);
}

/** One row, or two if the two books count in different currencies. */
function rowsOf(one: Judged, { day, team, ledger, warehouse }: Compared): readonly ReportRow[] {
  const inLedger: ReportRow = {
    day,
    team,
    currency: ledger.cost.currency,
    decisions: one.entry === null ? 0 : 1,
    jobs: 0,
    ledgerBytes: ledger.bytesBilled,
    warehouseBytes: 0n,
    ledgerMicros: ledger.cost.micros,
    warehouseMicros: 0n,
    findings: isUnbalanced(one) ? 1 : 0,
  };
  return [
    inLedger,
    {
      ...inLedger,
      currency: warehouse?.cost.currency ?? ledger.cost.currency,
      decisions: 0,
      jobs: one.job === null ? 0 : 1,
      ledgerBytes: 0n,
      warehouseBytes: warehouse?.bytesBilled ?? 0n,
      ledgerMicros: 0n,
      warehouseMicros: warehouse?.cost.micros ?? 0n,
      findings: 0,
    },
  ];
}
