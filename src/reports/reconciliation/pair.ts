import { parseJobName } from '../../vocabulary/job-name.ts';
import type { WarehouseJob } from './jobs/warehouse-job.ts';
import { type LedgerEntry, mayHaveRun } from './ledger/ledger-entry.ts';
import { isUnguardedId, unguardedId } from './unguarded-id.ts';

/** Every entry and every job exactly once. */
export interface Pairing {
  readonly pairs: readonly { readonly entry: LedgerEntry; readonly job: WarehouseJob }[];
  /** Entries that name a job which is already paired with an earlier entry. */
  readonly latecomers: readonly LedgerEntry[];
  readonly entriesAlone: readonly LedgerEntry[];
  readonly jobsAlone: readonly WarehouseJob[];
}

/**
 * Finds each entry's job: by the name in its settlement; without one, by the label that names the decision, provided
 * that project and principal match, since anyone can write a label; or, if it was entered for a job that bypassed guardrail
 * without its bytes, by that job. A job has one entry, the earliest. An entry recorded as `repeated` has none: another
 * one pays for it.
 */
export function pair(entries: readonly LedgerEntry[], jobs: readonly WarehouseJob[]): Pairing {
  const unpaired = new Set(jobs);
  const pairs: { readonly entry: LedgerEntry; readonly job: WarehouseJob }[] = [];
  const latecomers: LedgerEntry[] = [];
  const jobless: LedgerEntry[] = [];
  const byId = Map.groupBy(jobs, ({ projectId, jobId }) => `${projectId}:${jobId}`);
  for (const entry of inOrder(entries)) {
    const job = namedJob(entry, byId);
    if (job === null) jobless.push(entry);
    else if (unpaired.delete(job)) pairs.push({ entry, job });
    else latecomers.push(entry);
  }
  const byLabel = Map.groupBy(unpaired, ({ labelledDecision }) => labelledDecision);
  const byEntry = jobsEntered(jobless, unpaired);
  const entriesAlone: LedgerEntry[] = [];
  for (const entry of jobless) {
    const job = labelledJob(entry, byLabel) ?? byEntry.get(entry.decisionId) ?? null;
    if (job !== null && unpaired.delete(job)) pairs.push({ entry, job });
    else entriesAlone.push(entry);
  }
  return { pairs, latecomers, entriesAlone, jobsAlone: [...unpaired] };
}

function inOrder(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  return entries.toSorted((a, b) => a.atMs - b.atMs || (a.decisionId < b.decisionId ? -1 : 1));
}

function namedJob(
  { settlement }: LedgerEntry,
  byId: ReadonlyMap<string, readonly WarehouseJob[]>,
): WarehouseJob | null {
  if (settlement === null || settlement.job === null || settlement.source === 'repeated') return null;
  const { projectId, location, jobId } = parseJobName(settlement.job);
  const found = byId
    .get(`${projectId}:${jobId}`)
    ?.find((job) => location === null || job.location === location);
  return found ?? null;
}

function labelledJob(
  entry: LedgerEntry,
  byLabel: ReadonlyMap<string | null, readonly WarehouseJob[]>,
): WarehouseJob | null {
  const { settlement, projectId, principal } = entry;
  if (settlement === null ? !mayHaveRun(entry) : settlement.job !== null) return null;
  const fitting = byLabel
    .get(entry.decisionId)
    ?.filter((job) => job.projectId === projectId && samePrincipal(principal, job.principal))
    .toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.jobId < b.jobId ? -1 : 1));
  return fitting?.[0] ?? null;
}

/** Jobs that bypassed guardrail whose bytes were not known at the time, by the decision that was entered for them. */
function jobsEntered(
  entries: readonly LedgerEntry[],
  unpaired: ReadonlySet<WarehouseJob>,
): ReadonlyMap<string, WarehouseJob> {
  const entered = new Set(
    entries
      .filter(({ decisionId, settlement }) => settlement === null && isUnguardedId(decisionId))
      .map(({ decisionId }) => decisionId),
  );
  if (entered.size === 0) return new Map();
  const named = [...unpaired].map((job) => [unguardedId(job), job] as const);
  return new Map(named.filter(([decisionId]) => entered.has(decisionId)));
}

function samePrincipal(one: string | null, other: string | null): boolean {
  return one === null || other === null || one.toLowerCase() === other.toLowerCase();
}
