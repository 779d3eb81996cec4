import type { StoredRewrite } from '../../advice/rewrite-store.ts';
import type { DecisionRecord } from '../../records/decisions/decision-record.ts';
import type { Pricing } from '../../vocabulary/pricing.ts';
import type { BudgetBalance } from '../../vocabulary/spend.ts';
import type { ConsoleSources } from '../sources.ts';

/** Everything known about one decision. */
export interface DecisionInFull {
  readonly record: DecisionRecord;
  readonly rewrites: readonly StoredRewrite[];
  /** The budgets that cover such a query, as they stand now. */
  readonly balances: readonly BudgetBalance[];
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
    pricing: policy().pricingAt(record.atMs),
  };
}
