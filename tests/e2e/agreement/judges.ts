import type { DecisionRecord } from '../../../src/records/decision-record.ts';
import type { Rehearsal } from '../../../src/rehearsal/rehearse.ts';
import type { ReplayVerdict } from '../../../src/replay/outcomes.ts';
import type { Money } from '../../../src/vocabulary/money.ts';
import type { RuleHit } from '../../../src/vocabulary/policy.ts';

/** What somebody says of a query who judges it. */
export interface Saying {
  readonly team: string;
  /** The name of the rule or budget. */
  readonly refusedBy: string | null;
  readonly hits: readonly RuleHit[];
  readonly estimatedCost: Money | null;
}

/** What the guard said, by its record. */
export function sayingOfGuard({ caller, outcome, cause, hits, estimatedCost }: DecisionRecord): Saying {
  return { team: caller.team, refusedBy: outcome === 'refused' ? cause : null, hits, estimatedCost };
}

/** What a rehearsal said. */
export function sayingOfRehearsal({ caller, cause, verdict, cost }: Rehearsal): Saying {
  const byRule = cause?.by === 'rule' ? cause.hits[0]?.rule : undefined;
  const byBudget = cause?.by === 'budget' ? cause.balance.budget.name : null;
  return { team: caller.team, refusedBy: byRule ?? byBudget, hits: verdict.hits, estimatedCost: cost };
}

/** What a replay said. */
export function sayingOfReplay({ team, hits, refusedByBudget, estimatedCost }: ReplayVerdict): Saying {
  const refusedBy = hits.find(({ mode }) => mode === 'deny')?.rule ?? refusedByBudget;
  return { team, refusedBy, hits, estimatedCost };
}
