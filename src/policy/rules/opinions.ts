import type { Bytes } from '../../vocabulary/bytes.ts';
import type { RuleHit, RuleMode, SourcePosition } from '../../vocabulary/policy.ts';
import type { Facts, Question } from '../facts/facts.ts';
import { judge } from './judge.ts';
import { modeAt } from './rule-life.ts';
import { rulesOf } from './rule-uses.ts';
import type { Rule } from './rules.ts';

/** One rule's verdict on one query. */
export interface RuleOpinion {
  readonly rule: string;
  /** What it says to the caller's team, whether or not that is in force already; null for a rule that only caps. */
  readonly mode: RuleMode | null;
  readonly source: SourcePosition;
  /** `other team`: it is not for the caller's team. `failed`: its condition could not be evaluated. */
  readonly outcome: 'held' | 'missed' | 'failed' | 'other team';
  /** What it does to the query; null if it only caps, or does nothing. */
  readonly hit: RuleHit | null;
  readonly cap: Bytes | null;
  /** Why its condition or its message failed. */
  readonly failure: string | null;
  /** True for a rule that holds for every query of its teams. */
  readonly isUnconditional: boolean;
}

/** Each rule's verdict on a query, including rules for other teams; in the order of the rules. */
export function opinionsOn(
  rules: readonly Rule[],
  { team, reading, atMs }: Pick<Question, 'team' | 'reading' | 'atMs'>,
  facts: Facts,
): readonly RuleOpinion[] {
  return rules.map((rule) => {
    const failures: string[] = [];
    const applicable = rulesOf(team, [rule]);
    const { hits, maximumBytesBilled } = judge(applicable, { team, atMs }, facts, ({ message }) =>
      failures.push(message),
    );
    return {
      rule: rule.name,
      mode: modeAt(rule, { team: team.name, fingerprint: reading.fingerprint, atMs }).mode,
      source: rule.source,
      outcome: applicable.length > 0 ? outcomeOf(rule, facts) : 'other team',
      hit: hits[0] ?? null,
      cap: maximumBytesBilled,
      failure: failures[0] ?? null,
      isUnconditional: rule.isUnconditional,
    };
  });
}

function outcomeOf({ condition }: Rule, facts: Facts): RuleOpinion['outcome'] {
  try {
    return condition(facts) ? 'held' : 'missed';
  } catch {
    return 'failed';
  }
}
