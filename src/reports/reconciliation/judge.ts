import { tariffOfJob } from '../../vocabulary/job-tariff.ts';
import type { Pricing } from '../../vocabulary/pricing.ts';
import { isMispriced } from './jobs/job-price.ts';
import { type BilledJob, isBilled, type WarehouseJob } from './jobs/warehouse-job.ts';
import { type LedgerEntry, mayHaveRun } from './ledger/ledger-entry.ts';
import type { Pairing } from './pair.ts';
import type { Unbalanced } from './report.ts';

export interface JudgeOptions {
  /** A job that ended later than this may not have its final figures yet. */
  readonly finalBeforeMs: number;
  /** Whether the jobs of this project and location (as BigQuery writes it) were read. */
  readonly isRead: (projectId: string, location: string) => boolean;
  readonly pricing: Pricing;
}

/** A status, and what it applies to: a decision, a job, or both together. */
export type Judged =
  | Unbalanced
  | {
      readonly kind: 'agrees';
      readonly entry: LedgerEntry;
      readonly job: BilledJob;
    }
  | { readonly kind: 'running' | 'hidden'; readonly entry: LedgerEntry; readonly job: WarehouseJob }
  | { readonly kind: 'repeated' | 'not run' | 'elsewhere'; readonly entry: LedgerEntry; readonly job: null }
  | { readonly kind: 'running' | 'own'; readonly entry: null; readonly job: WarehouseJob };

/** The status of every entry and every job, each once. */
export function judge(pairing: Pairing, options: JudgeOptions): readonly Judged[] {
  return [
    ...pairing.pairs.map(({ entry, job }) => judgePair(entry, job, options)),
    ...pairing.latecomers.map((entry): Judged => ({ kind: 'twice', entry, job: null })),
    ...pairing.entriesAlone.map((entry): Judged => ({ kind: kindOfEntry(entry, options), entry, job: null })),
    ...pairing.jobsAlone.map((job): Judged => ({ kind: kindOfJob(job, options), entry: null, job })),
  ];
}

/** When a decision, a job, or both together count: at the decision, if there is one. */
export function dateOf({ entry, job }: Judged): number {
  return entry === null ? job.createdAtMs : entry.atMs;
}

function judgePair(entry: LedgerEntry, job: WarehouseJob, options: JudgeOptions): Judged {
  if (isRunning(job, options)) return { kind: 'running', entry, job };
  if (!isBilled(job)) return { kind: 'hidden', entry, job };
  return { kind: kindOfBilled(entry, job, options), entry, job };
}

function kindOfBilled({ settlement }: LedgerEntry, job: BilledJob, { pricing }: JudgeOptions) {
  if (settlement === null || settlement.source === 'assumed') return 'unsettled';
  if (settlement.bytesBilled !== job.bytesBilled) return 'differs';
  const bySlots = tariffOfJob(job, pricing).model === 'editions';
  if (bySlots && (settlement.slotMs ?? 0n) !== job.slotMs) return 'differs';
  return isMispriced(settlement, job, pricing) ? 'mispriced' : 'agrees';
}

function kindOfEntry(entry: LedgerEntry, { isRead }: JudgeOptions) {
  if (entry.settlement?.source === 'repeated') {
    return entry.settlement.bytesBilled === 0n ? 'repeated' : 'twice';
  }
  if (!mayHaveRun(entry)) return 'not run';
  return entry.location !== null && isRead(entry.projectId, entry.location) ? 'missing' : 'elsewhere';
}

function kindOfJob(job: WarehouseJob, options: JudgeOptions) {
  if (isRunning(job, options)) return 'running';
  return job.ofReconciliation ? 'own' : 'unguarded';
}

function isRunning({ endedAtMs }: WarehouseJob, { finalBeforeMs }: JudgeOptions): boolean {
  return endedAtMs === null || endedAtMs >= finalBeforeMs;
}
