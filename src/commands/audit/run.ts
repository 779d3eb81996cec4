import { basename, resolve } from 'node:path';
import { writeFilesAtomically } from '../../foundation/files/atomic-files.ts';
import type { Language } from '../../foundation/text/language.ts';
import { loadPolicy } from '../../policy/load.ts';
import type { Policy } from '../../policy/policy.ts';
import { auditOf } from '../../reports/audit/audit.ts';
import { auditAsCsv } from '../../reports/audit/print/as-csv.ts';
import { auditAsJson } from '../../reports/audit/print/as-json.ts';
import { auditAsText } from '../../reports/audit/print/as-text.ts';
import { auditPage } from '../../reports/audit/print/page.ts';
import { readExport } from '../../reports/audit/read-export.ts';
import type { ViewingHabits } from '../../reports/audit/refresh.ts';
import type { AuditReport } from '../../reports/audit/report.ts';
import { distinctSql, shownCards } from '../../reports/audit/shown-cards.ts';
import { loadSettings } from '../../settings/load.ts';
import type { NameDefaults } from '../../sql/table-names.ts';
import { bigQueryClient } from '../shared/bigquery-client.ts';
import { endLine, progressBar, showLine } from '../shared/progress.ts';
import { type AppraisalInputs, appraiser, type DryRunsAndDefinitions, tablesRead } from './appraise.ts';
import { definitionsOf } from './definitions.ts';
import { checkAccess, type DryRunOptions, dryRunAll } from './estimates.ts';
import { exportFilesAt } from './files.ts';

/** The options of the command. */
export interface AuditRun {
  /** A team of the policy files, or a principal. */
  readonly as: string;
  readonly out?: string;
  readonly language: Language;
  readonly viewsPerDay?: number;
  readonly daysPerMonth: number;
  readonly hoursPerDay: number;
  /** Minutes between a screen's reloads, by the dashboard's name or identifier. */
  readonly autoRefresh: ReadonlyMap<string, number>;
  readonly project: string;
  readonly dataset?: string;
  readonly location?: string;
  readonly endpoint?: string;
  readonly token?: string;
  readonly concurrency: number;
  readonly retries: number;
  readonly config?: string;
}

export interface AuditResult {
  readonly report: AuditReport;
  /** A summary of the report, for a terminal. */
  readonly text: string;
  /** Paths of the files that were written. */
  readonly written: readonly string[];
}

/**
 * Reads an export, dry-runs its cards, asks the policies about each, and writes the report.
 * @throws Error that says why there is no report, and what to do
 */
export async function runAudit(
  path: string,
  run: AuditRun,
  { environment = process.env, nowMs = Date.now() } = {},
): Promise<AuditResult> {
  const settings = await loadSettings(environment, { file: run.config });
  const policy = await loadPolicy(settings.policies);
  const inputs = appraisalInputs(run, policy, nowMs);
  const contents = readExport(await exportFilesAt(path), nowMs);
  const cards = shownCards(contents, new Date(nowMs).toISOString().slice(0, 10));
  const answers = await askWarehouse(distinctSql(cards), run, {
    upstream: run.endpoint ?? settings.upstream,
    defaults: inputs.defaults,
  });
  const report = auditOf(contents, cards, appraiser(answers, inputs), {
    madeAtMs: nowMs,
    source: basename(resolve(path)),
    projectId: run.project,
    team: inputs.team.title,
    principal: inputs.principal,
    currency: policy.pricing.currency,
    usage: usageOf(run),
  });
  return { report, text: auditAsText(report), written: await write(report, run) };
}

/** Dry-runs every query, and looks up the tables that they read. None of this costs anything. */
async function askWarehouse(
  queries: readonly string[],
  run: AuditRun,
  { upstream, defaults }: { readonly upstream: string; readonly defaults: NameDefaults },
): Promise<DryRunsAndDefinitions> {
  const client = bigQueryClient({
    projectId: run.project,
    endpoint: upstream,
    token: run.token,
    autoRetry: false,
  });
  const options: DryRunOptions = {
    location: run.location,
    defaultDataset: run.dataset,
    concurrency: run.concurrency,
    retries: run.retries,
    onDone: (done) => showLine(progressBar('Dry runs', done, queries.length)),
  };
  await checkAccess(client, options);
  const dryRuns = await dryRunAll(client, queries, options);
  if (queries.length > 0) endLine();
  const tables = tablesRead(dryRuns, defaults);
  const definitions = await definitionsOf(tables, client, { upstream, concurrency: run.concurrency });
  return { dryRuns, definitions };
}

async function write(report: AuditReport, { out, language }: AuditRun): Promise<readonly string[]> {
  if (out === undefined) return [];
  return writeFilesAtomically(out, [
    { name: 'audit.html', content: auditPage(report, language) },
    { name: 'audit.json', content: auditAsJson(report) },
    ...auditAsCsv(report).map(({ name, content }) => ({ name: `audit-${name}.csv`, content })),
  ]);
}

function usageOf({ viewsPerDay, daysPerMonth, hoursPerDay, autoRefresh }: AuditRun): ViewingHabits {
  return { viewsPerDay: viewsPerDay ?? null, daysPerMonth, hoursPerDay, autoRefresh };
}

function appraisalInputs({ as, project, dataset }: AuditRun, policy: Policy, atMs: number): AppraisalInputs {
  const team = as.includes('@') ? policy.teamOf(as) : policy.teamNamed(as);
  if (team === null) {
    throw new Error(
      `No policy file defines a team "${as}". Name a defined team with --as, or a principal with an @.`,
    );
  }
  // Rules and exemptions may ask who it is: for a team, one of its principals, as in `policy explain`.
  const principal = as.includes('@') ? as : policy.memberOf(as);
  const defaultDataset = dataset === undefined ? null : { datasetId: dataset };
  return { policy, team, principal, defaults: { projectId: project, defaultDataset }, atMs };
}
