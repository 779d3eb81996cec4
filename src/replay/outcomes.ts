import type { Decision, Settlement } from '../vocabulary/decision.ts';
import type { Money } from '../vocabulary/money.ts';
import type { RuleHit } from '../vocabulary/policy.ts';

/** A query as it was recorded, and what it came to. */
export interface PastQuery extends Decision {
  readonly settlement: Settlement | null;
}

/** Other policies' verdict on a past query. */
export interface ReplayVerdict {
  /** The team to which it would belong. */
  readonly team: string;
  readonly hits: readonly RuleHit[];
  /** The budget that would refuse it if no rule does; null if none would. */
  readonly refusedByBudget: string | null;
  /** What it would be expected to cost. */
  readonly estimatedCost: Money;
  /** What it was judged by: its SQL, read again, or the recorded earlier reading. */
  readonly basis: 'sql' | 'record';
  /**
   * Whether rules ask for something that is known only while a query waits: table definitions, history, the state of
   * budgets.
   */
  readonly lacksBackground: boolean;
}

export const replayOutcomes = ['admitted', 'warned', 'refused by a rule', 'refused by a budget'] as const;
/** What happens to a query; `warned` is admitted with a warning. */
export type ReplayOutcome = (typeof replayOutcomes)[number];

/** The part of a change that somebody at a tool would notice. */
export const changeKinds = ['newly refused', 'newly admitted', 'newly warned', 'no longer warned'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** What happened to a query; null for one that was not judged: it could not be priced, or bypassed guardrail. */
export function pastOutcome({ outcome, estimate, hits }: PastQuery): ReplayOutcome | null {
  if (estimate === null) return null;
  if (outcome === 'refused') return isDenied(hits) ? 'refused by a rule' : 'refused by a budget';
  return outcome === 'admitted' ? admittedOutcome(hits) : null;
}

/** What would happen to it. */
export function outcomeUnder({ hits, refusedByBudget }: ReplayVerdict): ReplayOutcome {
  if (isDenied(hits)) return 'refused by a rule';
  return refusedByBudget === null ? admittedOutcome(hits) : 'refused by a budget';
}

function isDenied(hits: readonly RuleHit[]): boolean {
  return hits.some(({ mode }) => mode === 'deny');
}

function admittedOutcome(hits: readonly RuleHit[]): ReplayOutcome {
  return hits.some(({ mode }) => mode === 'warn') ? 'warned' : 'admitted';
}

/** What changes for the caller; null if nothing does. */
export function changeFrom(before: ReplayOutcome, after: ReplayOutcome): ChangeKind | null {
  if (isRefused(before) !== isRefused(after)) return isRefused(after) ? 'newly refused' : 'newly admitted';
  if (isRefused(after) || before === after) return null;
  return after === 'warned' ? 'newly warned' : 'no longer warned';
}

function isRefused(outcome: ReplayOutcome): boolean {
  return outcome === 'refused by a rule' || outcome === 'refused by a budget';
}

/** The rules or budgets that cause a change. */
export function causesOf(kind: ChangeKind, past: PastQuery, now: ReplayVerdict): readonly string[] {
  switch (kind) {
    case 'newly refused':
      return namesOf(now.hits, 'deny', now.refusedByBudget);
    case 'newly admitted':
      return namesOf(past.hits, 'deny', past.cause);
    case 'newly warned':
      return namesOf(now.hits, 'warn', null);
    case 'no longer warned':
      return namesOf(past.hits, 'warn', null);
  }
}

function namesOf(hits: readonly RuleHit[], mode: RuleHit['mode'], budget: string | null): readonly string[] {
  const rules = new Set(hits.filter((hit) => hit.mode === mode).map(({ rule }) => rule));
  if (rules.size > 0) return [...rules];
  return budget === null ? [] : [`budget ${budget}`];
}
