import { randomUUID } from 'node:crypto';
import { createBooks } from '../../books/books.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../foundation/calendar/durations.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { loadPolicy } from '../../policy/load.ts';
import type { Policy } from '../../policy/policy.ts';
import { timeZoneOf } from '../../policy/time-zone.ts';
import { enterInJournal } from '../../records/journal/journal.ts';
import { type Corrected, writeCorrections } from '../../reports/reconciliation/corrections.ts';
import { inCurrency } from '../../reports/reconciliation/in-currency.ts';
import { readJobs } from '../../reports/reconciliation/jobs/read-jobs.ts';
import {
  keepReconciliation,
  type Reconciliation,
  reconciliationOf,
} from '../../reports/reconciliation/kept-reconciliations.ts';
import { projectsAndLocationsIn } from '../../reports/reconciliation/ledger/projects-and-locations.ts';
import type { Printed } from '../../reports/reconciliation/print/printed.ts';
import {
  type JobsLocation,
  reconcileSpan,
  refuseRolledUp,
} from '../../reports/reconciliation/reconcile-span.ts';
import { balances, type Report } from '../../reports/reconciliation/report.ts';
import { loadSettings } from '../../settings/load.ts';
import type { Settings } from '../../settings/settings.ts';
import { applyRetention } from '../../sql/tokens/sql-retention.ts';
import type { Decision } from '../../vocabulary/decision.ts';
import { currenciesOf } from '../../vocabulary/exchange.ts';
import { writtenLocation } from '../../vocabulary/job-name.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';
import { bigQueryClient } from '../shared/bigquery-client.ts';
import { openExisting } from '../shared/existing-ledger.ts';
import { correctableBooks } from './correctable-books.ts';

/** The options of the command. */
export interface ReconcileRun {
  /** The instant, given the time zone in which days begin. */
  readonly from?: (timeZone: string) => number;
  readonly to?: (timeZone: string) => number;
  /** Minutes within which a job may not be listed yet, or not have its final figures. */
  readonly lag: number;
  readonly timeZone?: string;
  /** Of the costs of days; default: that in which each was settled. */
  readonly currency?: string;
  readonly project?: readonly string[];
  readonly location?: readonly string[];
  readonly endpoint?: string;
  readonly token?: string;
  readonly config?: string;
  readonly writeCorrections?: boolean;
  readonly reason?: string;
  readonly by?: string;
  /** How many findings of each kind are to be printed, the largest; all by default. */
  readonly mostFindings?: number;
}

/** The surroundings of the command. */
export interface RunConditions {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly nowMs?: number;
}

/** @see https://cloud.google.com/bigquery/docs/information-schema-jobs#data_retention */
const JOBS_KEPT_MS = 180 * DAY_MS;

/**
 * Reads both books, compares them, enters corrections if asked to, and keeps the result.
 * @throws Error that says why there is no result, and what to do
 */
export async function runReconciliation(
  run: ReconcileRun,
  { environment = process.env, nowMs = Date.now() }: RunConditions = {},
): Promise<Printed> {
  const settings = await loadSettings(environment, { file: run.config });
  const policy = await loadPolicy(settings.policies);
  const timeZone = run.timeZone ?? timeZoneOf(policy);
  refuseUnknownCurrency(run, policy);
  const span = spanOf(run, timeZone, nowMs);
  const ledger = await openExisting(settings.ledger);
  try {
    const report = await reconcileSpan(span, {
      ledger: ledger.read,
      jobsIn: jobReader(run, settings),
      places: await placesToRead(run, ledger, span),
      timeZone,
      teamOf: (principal) => policy.teamOf(principal).name,
      pricing: policy.pricing,
      finalBeforeMs: nowMs - run.lag * MINUTE_MS,
      // Each is corrected, whether printed or not.
      mostFindings: (run.writeCorrections ? undefined : run.mostFindings) ?? Number.POSITIVE_INFINITY,
    });
    const corrections = await saveReconciliation(report, { run, policy, ledger, span, nowMs });
    const { currency: to } = run;
    const shown = to === undefined ? report : inCurrency(report, { ...policy.pricing, to });
    return { report: shown, span, timeZone, corrections };
  } finally {
    await ledger.close();
  }
}

function refuseUnknownCurrency({ currency }: ReconcileRun, { pricing }: Policy): void {
  const known = currenciesOf(pricing);
  if (currency !== undefined && !known.includes(currency)) {
    throw new Error(`--currency is one of ${known.join(', ')}, for which the policy has prices or a rate.`);
  }
}

function jobReader(run: ReconcileRun, settings: Settings) {
  const endpoint = run.endpoint ?? settings.upstream;
  return (place: JobsLocation, span: TimeSpan) =>
    readJobs(bigQueryClient({ projectId: place.projectId, endpoint, token: run.token }), place, span);
}

/** Each project in each location: a query may have bypassed guardrail in a place where none went through it. */
async function placesToRead(
  run: ReconcileRun,
  ledger: Ledger,
  span: TimeSpan,
): Promise<readonly JobsLocation[]> {
  await refuseRolledUp(ledger.read, span);
  const found = await projectsAndLocationsIn(ledger.read, span);
  const projects = run.project ?? found.projects;
  const locations = run.location ?? (found.locations.length > 0 ? found.locations : ['US']);
  if (projects.length === 0) {
    throw new Error('The ledger has no decision in that period, and so no project. Name one with --project.');
  }
  return [...new Set(projects)].flatMap((projectId) =>
    [...new Set(locations.map(writtenLocation))].map((location) => ({ projectId, location })),
  );
}

interface Saved {
  readonly run: ReconcileRun;
  readonly policy: Policy;
  readonly ledger: Ledger;
  readonly span: TimeSpan;
  readonly nowMs: number;
}

/**
 * Keeps the result, and enters corrections if asked to. What is to be corrected, why and by whom is kept before the first
 * correction, so that none is ever without, wherever the run ends; how many were entered is kept after the last.
 */
async function saveReconciliation(report: Report, saved: Saved): Promise<Corrected> {
  const { run, policy, ledger, nowMs } = saved;
  const id = randomUUID();
  if (!run.writeCorrections || balances(report)) {
    await keep(report, saved, { id, atMs: nowMs, corrections: 0, reason: null, writtenBy: null });
    return { entered: 0, refused: [] };
  }
  const { reason = null, by: writtenBy = null } = run;
  const startedAt = performance.now();
  await keep(report, saved, { id, atMs: nowMs, corrections: 0, reason, writtenBy });
  const corrected = await writeCorrections(report.findings, correctableBooks(createBooks({ ledger })), {
    reconciliationId: id,
    atMs: nowMs,
    pricing: policy.pricing,
    retain: (sqlStart) => retainedStart(sqlStart, policy),
  });
  const endedAtMs = nowMs + Math.max(1, Math.round(performance.now() - startedAt));
  const corrections = corrected.entered;
  await keep(report, saved, { id: randomUUID(), atMs: endedAtMs, corrections, reason, writtenBy });
  return corrected;
}

function keep(
  report: Report,
  { ledger, span }: Saved,
  about: Pick<Reconciliation, 'id' | 'atMs' | 'corrections' | 'reason' | 'writtenBy'>,
): Promise<void> {
  return keepReconciliation(ledger, reconciliationOf(report, { ...span, ...about }), (db, row) =>
    enterInJournal(db, [{ kind: 'reconciliation', row }]),
  );
}

/** The digest of a prefix would find nothing: the digest of the whole text is a different one. */
function retainedStart(sqlStart: string, { sqlRetention }: Policy): Pick<Decision, 'sql' | 'sqlRetention'> {
  const retention = sqlRetention === 'hashed' ? 'dropped' : sqlRetention;
  return { sql: applyRetention(sqlStart, retention), sqlRetention: retention };
}

/** An end that is too recent, or in the future, is moved back to where the list of jobs is reliable. */
function spanOf(run: ReconcileRun, timeZone: string, nowMs: number): TimeSpan {
  const { from, to, lag } = run;
  const latestMs = nowMs - lag * MINUTE_MS;
  const toMs = to === undefined ? nowMs - HOUR_MS : Math.min(to(timeZone), latestMs);
  const fromMs = from === undefined ? toMs - DAY_MS : from(timeZone);
  if (fromMs >= toMs) {
    throw new Error(
      `There is nothing between --from (${new Date(fromMs).toISOString()}) and --to (${new Date(toMs).toISOString()}): jobs of the last ${lag} minutes may not be listed yet. Name an earlier --from.`,
    );
  }
  if (fromMs < nowMs - JOBS_KEPT_MS) {
    throw new Error('BigQuery lists the jobs of the last 180 days only. Name a later --from.');
  }
  return { fromMs, toMs };
}
