import type { Bytes } from '../vocabulary/bytes.ts';
import type { RuleHit, RuleMode, SourcePosition, Team } from '../vocabulary/policy.ts';
import type { Facts } from './facts.ts';
import { judge } from './judge.ts';
import type { Rule } from './rules.ts';

/** What one rule says of one query. */
export interface RuleOpinion {
  readonly rule: string;
  /** The mode that is written; null for a rule that only caps. */
  readonly mode: RuleMode | null;
  readonly source: SourcePosition;
  /** `other team`: it is not for the caller's team. `failed`: its condition could not be evaluated. */
  readonly outcome: 'held' | 'missed' | 'failed' | 'other team';
  /** What it does to the query; null where it only caps, or does nothing. */
  readonly hit: RuleHit | null;
  readonly cap: Bytes | null;
  /** Why its condition or its message failed. */
  readonly failure: string | null;
  /** True for a rule that holds for every query of its teams. */
  readonly isUnconditional: boolean;
}

/** What each rule says of a query, those for other teams too; in the order of the rules. */
export function opinionsOn(rules: readonly Rule[], team: Team, facts: Facts): readonly RuleOpinion[] {
  return rules.map((rule) => {
    const failures: string[] = [];
    const isConcerned = rule.teams === null || rule.teams.has(team.name);
    const { hits, maximumBytesBilled: cap } = judge([rule], team, facts, ({ message }) =>
      failures.push(message),
    );
    const [hit = null] = hits;
    const own = {
      rule: rule.name,
      mode: rule.mode,
      source: rule.source,
      isUnconditional: rule.isUnconditional,
    };
    const failure = failures[0] ?? null;
    return { ...own, hit, cap, failure, outcome: outcomeOf({ isConcerned, hit, cap, failure }) };
  });
}

function outcomeOf(
  said: Pick<RuleOpinion, 'hit' | 'cap' | 'failure'> & { readonly isConcerned: boolean },
): RuleOpinion['outcome'] {
  if (!said.isConcerned) return 'other team';
  if (said.failure?.startsWith('the condition')) return 'failed';
  return said.hit !== null || said.cap !== null ? 'held' : 'missed';
}
