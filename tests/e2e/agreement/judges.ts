import type { DecisionRecord } from '../../../src/records/decisions/decision-record.ts';
import type { Rehearsal } from '../../../src/rehearsal/rehearse.ts';
import type { ReplayVerdict } from '../../../src/reports/replay/outcomes.ts';
import type { Money } from '../../../src/vocabulary/money.ts';
import type { RuleHit } from '../../../src/vocabulary/policy.ts';

/** A judgement on a query. */
export interface Judgement {
  readonly team: string;
  /** The name of the rule or budget. */
  readonly refusedBy: string | null;
  readonly hits: readonly RuleHit[];
  readonly estimatedCost: Money | null;
}

/** The judgement of the proxy, from its record. */
export function judgementOfGuard({ caller, outcome, cause, hits, estimatedCost }: DecisionRecord): Judgement {
  return { team: caller.team, refusedBy: outcome === 'refused' ? cause : null, hits, estimatedCost };
}

/** The judgement of a rehearsal. */
export function judgementOfRehearsal({ caller, cause, verdict, cost }: Rehearsal): Judgement {
  const byRule = cause?.by === 'rule' ? cause.hits[0]?.rule : undefined;
  const byBudget = cause?.by === 'budget' ? cause.balance.budget.name : null;
  return { team: caller.team, refusedBy: byRule ?? byBudget, hits: verdict.hits, estimatedCost: cost };
}

/** The judgement of a replay. */
export function judgementOfReplay({ team, hits, refusedByBudget, estimatedCost }: ReplayVerdict): Judgement {
  const refusedBy = hits.find(({ mode }) => mode === 'deny')?.rule ?? refusedByBudget;
  return { team, refusedBy, hits, estimatedCost };
}
