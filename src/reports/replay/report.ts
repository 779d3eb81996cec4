import type { ChangeKind, OutcomeNow, ReplayOutcome } from './outcomes.ts';
import type { Tally } from './tally.ts';

/** The sums of a change over all its queries. */
export interface ChangeSum {
  readonly all: Tally;
  /**
   * The same query by the same person on the same day counts once, at its most expensive: whoever is refused tries
   * again.
   */
  readonly once: Tally;
  /** How many persons are affected, and accounts that name none. */
  readonly persons: number;
  /** How many of the queries are not settled, and count as nothing. */
  readonly unsettled: number;
}

/** The keys by which changes are grouped. */
export const dimensions = ['rule', 'team', 'person', 'dashboard', 'fingerprint'] as const;
export type Dimension = (typeof dimensions)[number];

/** The changes of one rule, team, person and so on. */
export interface Row {
  /** Null for those that name none. */
  readonly name: string | null;
  readonly changes: Readonly<Record<ChangeKind, Tally>>;
  /** The SQL of a fingerprint without its literals; null if none is kept, and for other keys. */
  readonly sql: string | null;
}

/** How often a rule held, by what it did. */
export interface RuleHitCounts {
  readonly rule: string;
  readonly before: Readonly<Record<HitMode, number>>;
  readonly after: Readonly<Record<HitMode, number>>;
}

/** `unknown`: whether it holds turns on something that no record holds. */
export const hitModes = ['audit', 'warn', 'deny', 'exempt', 'unknown'] as const;
export type HitMode = (typeof hitModes)[number];

/** What was replayed, and what it could be judged by. */
export interface ReplayCoverage {
  readonly decisions: number;
  /** Judged by their SQL, read again. */
  readonly bySql: number;
  /** Judged by the recorded earlier reading, since their SQL is not kept or can no longer be read. */
  readonly byRecord: number;
  /** Of these, those for which the verdict of a rule turns on something that is known only while a query waits. */
  readonly lackingBackground: number;
  /** Not judged: they could not be priced, the ledger failed, or the client had gone. */
  readonly failed: number;
  /** Not judged: they bypassed guardrail. */
  readonly unguarded: number;
}

/** What other policies would have decided about past queries. */
export interface ReplayReport {
  readonly fromMs: number;
  readonly toMs: number;
  /** The instant used for the policies' dates, exemptions and roll-outs. */
  readonly asOfMs: number;
  /** IANA name: where days begin. */
  readonly timeZone: string;
  /** The digest of the policy files. */
  readonly candidate: string;
  readonly budgets: 'replayed' | 'left out';
  readonly coverage: ReplayCoverage;
  /** How many queries had one outcome and would have another, or the same. */
  readonly outcomes: Readonly<Record<ReplayOutcome, Readonly<Record<OutcomeNow, number>>>>;
  readonly changes: Readonly<Record<ChangeKind, ChangeSum>>;
  /** Those with most changes first. A query counts for each rule that causes its change. */
  readonly rows: Readonly<Record<Dimension, readonly Row[]>>;
  /** Every rule that held or would hold, by name. */
  readonly hits: readonly RuleHitCounts[];
}
