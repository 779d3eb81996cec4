import type { Decision, Settlement } from '../../vocabulary/decision.ts';
import type { Money } from '../../vocabulary/money.ts';
import type { Doubt, RuleHit } from '../../vocabulary/policy.ts';

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
   * The rules whose verdict turns on something that is known only while a query waits: definitions, history, the state of
   * budgets.
   */
  readonly doubts: readonly Doubt[];
}

export const replayOutcomes = ['admitted', 'warned', 'refused by a rule', 'refused by a budget'] as const;
/** What happens to a query; `warned` is admitted with a warning. */
export type ReplayOutcome = (typeof replayOutcomes)[number];

export const outcomesNow = [...replayOutcomes, 'unknown'] as const;
/** What would happen to a query under other policies; `unknown` if that turns on something that no record holds. */
export type OutcomeNow = (typeof outcomesNow)[number];

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
export function outcomeUnder(now: ReplayVerdict): OutcomeNow {
  if (isDeniedForSure(now)) return 'refused by a rule';
  if (mayBeRefused(now)) return 'unknown';
  if (now.refusedByBudget !== null) return 'refused by a budget';
  const outcome = admittedOutcome(sureHits(now));
  return outcome === 'admitted' && now.doubts.some(({ atMost }) => atMost === 'warn') ? 'unknown' : outcome;
}

/** Whether a rule refuses it, whatever is not known. */
export function isDeniedForSure(now: Pick<ReplayVerdict, 'hits' | 'doubts'>): boolean {
  return isDenied(sureHits(now));
}

/** Whether it turns on something that is not known if it is refused. */
export function mayBeRefused({ doubts }: Pick<ReplayVerdict, 'doubts'>): boolean {
  return doubts.some(({ atMost }) => atMost === 'deny');
}

/** The hits of rules that turn on nothing unknown. */
export function sureHits({ hits, doubts }: Pick<ReplayVerdict, 'hits' | 'doubts'>): readonly RuleHit[] {
  return hits.filter((hit) => !doubts.some(({ rule }) => rule === hit.rule));
}

function isDenied(hits: readonly RuleHit[]): boolean {
  return hits.some(({ mode }) => mode === 'deny');
}

function admittedOutcome(hits: readonly RuleHit[]): ReplayOutcome {
  return hits.some(({ mode }) => mode === 'warn') ? 'warned' : 'admitted';
}

/** What changes for the caller; null if nothing does, or if that is not known. */
export function changeFrom(before: ReplayOutcome, after: OutcomeNow): ChangeKind | null {
  if (after === 'unknown') return null;
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
      return namesOf(sureHits(now), 'deny', now.refusedByBudget);
    case 'newly admitted':
      return namesOf(past.hits, 'deny', past.cause);
    case 'newly warned':
      return namesOf(sureHits(now), 'warn', null);
    case 'no longer warned':
      return namesOf(past.hits, 'warn', null);
  }
}

function namesOf(hits: readonly RuleHit[], mode: RuleHit['mode'], budget: string | null): readonly string[] {
  const rules = new Set(hits.filter((hit) => hit.mode === mode).map(({ rule }) => rule));
  if (rules.size > 0) return [...rules];
  return budget === null ? [] : [`budget ${budget}`];
}
