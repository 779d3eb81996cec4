import { type Decision, NOTHING_RAN } from '../../vocabulary/decision.ts';
import { jobName } from '../../vocabulary/job-name.ts';
import { freeBytesFor, type Pricing } from '../../vocabulary/pricing.ts';
import { readingWithoutSql } from '../../vocabulary/reading.ts';
import type { UnpricedSettlement } from '../../vocabulary/unpriced-settlement.ts';
import { priceOfJob } from './jobs/job-price.ts';
import { type BilledJob, isBilled, type WarehouseJob } from './jobs/warehouse-job.ts';
import type { LedgerEntry, LedgerSettlement } from './ledger/ledger-entry.ts';
import type { Finding } from './report.ts';
import { unguardedId } from './unguarded-id.ts';

/** What is entered in the books for one finding. */
export interface Correction {
  /** For a job that bypassed guardrail; null if there is a decision. */
  readonly decision: Decision | null;
  /** Null if the warehouse does not say what was billed: that is entered as unknown, never as nothing. */
  readonly settlement: UnpricedSettlement | null;
}

/** Where corrections are entered. */
export interface CorrectableBooks {
  record(decision: Decision): Promise<void>;
  /** Resolves to why it contradicts the books, and what to do about it; null if it was entered. */
  settle(settlement: UnpricedSettlement): Promise<string | null>;
}

export interface CorrectionOptions {
  /** Names the reconciliation in the decisions that it enters. */
  readonly reconciliationId: string;
  readonly atMs: number;
  readonly pricing: Pricing;
  /** What the records may keep of SQL of which only the beginning is known. */
  readonly retain: (sqlStart: string) => Pick<Decision, 'sql' | 'sqlRetention'>;
}

/** What happened to corrections. */
export interface Corrected {
  /** How many were entered. */
  readonly entered: number;
  /** Why others could not be entered, each with what to do about it. */
  readonly refused: readonly string[];
}

/**
 * Enters what each finding needs, oldest first. Entering the same again changes nothing. A correction that the books
 * reject, for example after a change of the pricing's currency, does not stop the others.
 */
export async function writeCorrections(
  findings: readonly Finding[],
  books: CorrectableBooks,
  options: CorrectionOptions,
): Promise<Corrected> {
  const refused: string[] = [];
  for (const finding of findings) {
    const { decision, settlement } = correctionOf(finding, options);
    if (decision !== null) await books.record(decision);
    const refusal = settlement === null ? null : await books.settle(settlement);
    if (refusal !== null) refused.push(refusal);
  }
  return { entered: findings.length - refused.length, refused };
}

/** What makes the books agree with the warehouse on one finding. */
function correctionOf(finding: Finding, options: CorrectionOptions): Correction {
  const { entry, job } = finding;
  if (entry === null) {
    const decision = unguardedDecision(job, finding.team, options);
    const settlement = isBilled(job) ? settledAsJob(decision, null, job, options) : null;
    return { decision, settlement };
  }
  const settlement =
    job === null
      ? settledAtNothing(entry, options)
      : settledAsJob({ id: entry.decisionId, atMs: entry.atMs }, entry.settlement, job, options);
  return { decision: null, settlement };
}

function settledAsJob(
  { id: decisionId, atMs: admittedAtMs }: Pick<Decision, 'id' | 'atMs'>,
  before: LedgerSettlement | null,
  job: BilledJob,
  { atMs, pricing }: CorrectionOptions,
): UnpricedSettlement {
  return {
    decisionId,
    admittedAtMs,
    atMs,
    jobId: jobName(job),
    bytesProcessed: job.bytesProcessed ?? 0n,
    bytesBilled: job.bytesBilled,
    cacheHit: job.cacheHit,
    slotMs: Number(job.slotMs),
    durationMs: job.endedAtMs === null ? null : Math.max(job.endedAtMs - admittedAtMs, 0),
    errorReason: job.errorReason,
    source: 'reconciled',
    price: { tariff: priceOfJob(job, before, pricing), freeBytesPerMonth: freeBytesFor(job, pricing) },
  };
}

/** It names no job, so that the next reconciliation does not look for one. */
function settledAtNothing(entry: LedgerEntry, { atMs, pricing }: CorrectionOptions): UnpricedSettlement {
  return {
    decisionId: entry.decisionId,
    admittedAtMs: entry.atMs,
    atMs,
    ...NOTHING_RAN,
    slotMs: 0,
    durationMs: null,
    errorReason: null,
    source: 'reconciled',
    price: { known: { currency: entry.currency ?? pricing.currency, micros: 0n } },
  };
}

/** The decision that was never made, built from what the warehouse says about its job. */
function unguardedDecision(job: WarehouseJob, team: string, options: CorrectionOptions): Decision {
  const { principal } = job;
  return {
    id: unguardedId(job),
    atMs: job.createdAtMs,
    projectId: job.projectId,
    caller: { principal, team, tool: null, person: null, dashboard: null, card: null },
    ...options.retain(job.sqlStart),
    reading: readingWithoutSql('it never came to guardrail', {
      statement: job.statementType,
      fingerprint: '',
    }),
    estimate: null,
    estimatedCost: null,
    estimateCached: false,
    outcome: 'unguarded',
    cause: `reconciliation ${options.reconciliationId}`,
    hits: [],
    maximumBytesBilled: null,
    overheadMs: 0,
  };
}
