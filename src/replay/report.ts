import type { ChangeKind, QueryFate } from './fates.ts';
import type { Tally } from './tally.ts';

/** What a change comes to, over all queries that it is of. */
export interface ChangeSum {
  readonly all: Tally;
  /** The same query of the same person on the same day counts once, at its dearest: whoever is refused asks again. */
  readonly once: Tally;
  /** How many persons, and accounts that name none, it is for. */
  readonly persons: number;
  /** How many of the queries are not settled, and count nothing. */
  readonly unsettled: number;
}

/** By what changes are told apart. */
export const dimensions = ['rule', 'team', 'person', 'dashboard', 'fingerprint'] as const;
export type Dimension = (typeof dimensions)[number];

/** The changes of one rule, team, person, … */
export interface Row {
  /** Null of those that name none. */
  readonly name: string | null;
  readonly changes: Readonly<Record<ChangeKind, Tally>>;
  /** The SQL of a fingerprint without its literals; null where none is kept, and for what is no fingerprint. */
  readonly sql: string | null;
}

/** How often a rule held, by what it did. */
export interface RuleHitCounts {
  readonly rule: string;
  readonly before: Readonly<Record<HitMode, number>>;
  readonly after: Readonly<Record<HitMode, number>>;
}

export const hitModes = ['audit', 'warn', 'deny', 'exempt'] as const;
export type HitMode = (typeof hitModes)[number];

/** What was replayed, and by what it could be judged. */
export interface Replayed {
  readonly decisions: number;
  /** Judged by their SQL, read anew. */
  readonly bySql: number;
  /** Judged by what the record holds of an earlier reading, since their SQL is not kept, or can no more be read. */
  readonly byRecord: number;
  /** Of these, such whose rules ask for what is only known while a query waits, and was taken as not known. */
  readonly lackingBackground: number;
  /** Not judged: they could not be priced, the ledger failed, or the client had gone. */
  readonly failed: number;
  /** Not judged: they never came to the guardrail. */
  readonly unguarded: number;
}

/** What other policies would have made of past queries. */
export interface ReplayReport {
  readonly fromMs: number;
  readonly toMs: number;
  /** When dates, exemptions and roll-outs of the policies are looked at. */
  readonly asOfMs: number;
  /** IANA name: where days begin. */
  readonly timeZone: string;
  /** The digest of the policies' files. */
  readonly candidate: string;
  readonly budgets: 'replayed' | 'left out';
  readonly coverage: Replayed;
  /** How many queries had one fate and would have another, or the same. */
  readonly fates: Readonly<Record<QueryFate, Readonly<Record<QueryFate, number>>>>;
  readonly changes: Readonly<Record<ChangeKind, ChangeSum>>;
  /** Those with most changes first. A query counts for each rule that its change is due to. */
  readonly rows: Readonly<Record<Dimension, readonly Row[]>>;
  /** Every rule that held or would hold, by name. */
  readonly hits: readonly RuleHitCounts[];
}
