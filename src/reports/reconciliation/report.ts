import type { Bytes } from '../../vocabulary/bytes.ts';
import type { Currency, Micros, Money } from '../../vocabulary/money.ts';
import type { BilledJob, WarehouseJob } from './jobs/warehouse-job.ts';
import type { LedgerEntry } from './ledger/ledger-entry.ts';

/**
 * What does not balance.
 * - `differs`: the decision is settled at other figures than its job's.
 * - `mispriced`: the figures match, but the decision was priced by slot time and its job is paid for by the byte, or
 * the other way round.
 * - `unsettled`: the decision is still open, or was only assumed, and its job has ended.
 * - `missing`: according to the ledger something ran, but the warehouse knows no such job.
 * - `twice`: the decision is charged for a job that another decision is charged for.
 * - `unguarded`: the job bypassed guardrail.
 */
export const findingKinds = ['unguarded', 'differs', 'mispriced', 'unsettled', 'missing', 'twice'] as const;
export type FindingKind = (typeof findingKinds)[number];

/**
 * The status of each decision and each job: a finding, or nothing to do.
 * - `repeated`: another decision pays for its job.
 * - `not run`: refused, failed, or known to have come to nothing.
 * - `running`: the job has not ended, or only just.
 * - `hidden`: the warehouse does not say what the decision's job was billed.
 * - `elsewhere`: the decision's project or location was not read.
 * - `own`: the job reads the list of jobs for a reconciliation.
 */
export const statuses = [
  'agrees',
  ...findingKinds,
  'repeated',
  'not run',
  'running',
  'hidden',
  'elsewhere',
  'own',
] as const;
export type ReconciliationStatus = (typeof statuses)[number];

/** How many decisions and jobs have a status. */
export interface Count {
  readonly decisions: number;
  readonly jobs: number;
}

/** What a query came to, according to one of the two books. */
export interface Amount {
  readonly bytesBilled: Bytes;
  readonly cost: Money;
}

/** Both books' figures for the same thing. */
export interface Compared {
  /** ISO date of the decision, or of a job without one, in the report's time zone. */
  readonly day: string;
  readonly team: string;
  readonly ledger: Amount;
  /** Null if the warehouse does not say. */
  readonly warehouse: Amount | null;
}

/** What a finding is about: a decision, a job, or both together. */
export type Unbalanced =
  | {
      readonly kind: 'differs' | 'mispriced' | 'unsettled';
      readonly entry: LedgerEntry;
      readonly job: BilledJob;
    }
  | { readonly kind: 'missing' | 'twice'; readonly entry: LedgerEntry; readonly job: null }
  | { readonly kind: 'unguarded'; readonly entry: null; readonly job: WarehouseJob };

export type Finding = Compared & Unbalanced;

/** A team's day in one currency. */
export interface ReportRow extends Count {
  readonly day: string;
  readonly team: string;
  readonly currency: Currency;
  readonly ledgerBytes: Bytes;
  /** For the jobs for which it is known. */
  readonly warehouseBytes: Bytes;
  readonly ledgerMicros: Micros;
  readonly warehouseMicros: Micros;
  readonly findings: number;
}

/** What findings of one kind come to in both books. */
export interface FindingTotal {
  readonly count: number;
  readonly ledgerBytes: Bytes;
  readonly warehouseBytes: Bytes;
  /** For how many of them the warehouse does not say what they were billed. */
  readonly hidden: number;
}

/** What one principal's unguarded jobs came to. */
export interface UnguardedTotal {
  readonly principal: string | null;
  readonly team: string;
  readonly jobs: number;
  readonly bytesBilled: Bytes;
  /** For how many of the jobs the warehouse does not say the bytes. */
  readonly hidden: number;
}

export interface Report {
  /** By day, then team, then currency. */
  readonly rows: readonly ReportRow[];
  /** In order of time: all, or the largest of each kind. */
  readonly findings: readonly Finding[];
  /** What all findings of a kind come to. */
  readonly totals: Readonly<Record<FindingKind, FindingTotal>>;
  /** The most bytes first. */
  readonly unguarded: readonly UnguardedTotal[];
  /** Every decision and every job of the span has exactly one status. */
  readonly counts: Readonly<Record<ReconciliationStatus, Count>>;
  /** What the reconciliations' own jobs were billed. */
  readonly ownBytes: Bytes;
}

/** Whether every decision agrees with its job: matching sums are not enough. */
export function balances({ totals }: Pick<Report, 'totals'>): boolean {
  return findingKinds.every((kind) => totals[kind].count === 0);
}

/** A count for each status. */
export function countsOf(
  count: (status: ReconciliationStatus) => Count,
): Readonly<Record<ReconciliationStatus, Count>> {
  const entries = statuses.map((status) => [status, count(status)] as const);
  // Object.fromEntries does not know that every status is among its keys.
  return Object.fromEntries(entries) as Record<ReconciliationStatus, Count>;
}
