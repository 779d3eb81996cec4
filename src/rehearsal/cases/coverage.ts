import type { SourcePosition } from '../../vocabulary/policy.ts';
import type { CaseOutcome } from './run-case.ts';

/** How often cases hit and missed a rule. */
export interface RuleCoverage {
  readonly rule: string;
  readonly source: SourcePosition;
  /** Cases for which it held. */
  readonly hits: number;
  /** Cases of its teams for which it did not hold. */
  readonly misses: number;
  /** True for a rule that cannot miss. */
  readonly isUnconditional: boolean;
}

/** How often the cases hit and missed each rule, in the order of the rules. */
export function coverageOf(outcomes: readonly CaseOutcome[]): readonly RuleCoverage[] {
  const rules = outcomes[0]?.opinions ?? [];
  return rules.map(({ rule, source, isUnconditional }, index) => {
    const ruleOutcomes = outcomes.map(({ opinions }) => opinions[index]?.outcome);
    return {
      rule,
      source,
      isUnconditional,
      hits: ruleOutcomes.filter((outcome) => outcome === 'held' || outcome === 'failed').length,
      misses: ruleOutcomes.filter((outcome) => outcome === 'missed').length,
    };
  });
}

/** The percentage of rules that at least one case hits, rounded down to a whole number; 100 if there are no rules. */
export function percentHit(coverage: readonly RuleCoverage[]): number {
  if (coverage.length === 0) return 100;
  return Math.floor((coverage.filter(({ hits }) => hits > 0).length * 100) / coverage.length);
}
