import type { StoredRewrite } from '../../advice/rewrite-store.ts';
import type { DecisionRecord } from '../../records/decisions/decision-record.ts';
import type { Pricing } from '../../vocabulary/pricing.ts';
import type { Refuser } from '../../vocabulary/refusal.ts';
import type { BudgetBalance } from '../../vocabulary/spend.ts';
import type { ConsoleSources } from '../sources.ts';

/** Everything known about one decision. */
export interface DecisionInFull {
  readonly record: DecisionRecord;
  readonly rewrites: readonly StoredRewrite[];
  /** The budgets that cover such a query, as they stand now. */
  readonly balances: readonly BudgetBalance[];
  /** Whom to ask about it if it was refused; empty if the policy does not say. */
  readonly contacts: readonly string[];
  /** As it was when the decision was made. */
  readonly pricing: Pricing;
}

/** @returns null if there is no such decision. @throws LedgerError */
export async function gatherDecision(
  { records, rewriteStore, policy, budgets }: ConsoleSources,
  id: string,
  nowMs: number,
): Promise<DecisionInFull | null> {
  const record = await records.get(id);
  if (record === null) return null;
  const { caller, projectId } = record;
  return {
    record,
    rewrites: await rewriteStore.ofDecision(id),
    balances: await budgets.balances(policy().coverageOf({ caller, projectId }), nowMs),
    contacts: policy().contactsFor(refuserOf(record), caller.team),
    pricing: policy().pricingAt(record.atMs),
  };
}

/** What refused a query: the rules that did, or else the budget that its cause names. */
function refuserOf({ hits, cause }: DecisionRecord): Refuser {
  const refusing = hits.filter(({ mode }) => mode === 'deny').map(({ rule }) => rule);
  return refusing.length > 0 || cause === null
    ? { by: 'rule', names: refusing }
    : { by: 'budget', names: [cause] };
}
