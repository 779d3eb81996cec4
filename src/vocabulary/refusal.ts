import type { RuleHit } from './policy.ts';
import type { BudgetBalance, Spend } from './spend.ts';

/** Why a query was not forwarded. */
export type RefusalCause =
  | { readonly by: 'rule'; readonly hits: readonly RuleHit[] }
  | { readonly by: 'budget'; readonly balance: BudgetBalance; readonly asked: bigint };

/** A refusal, with all that its message has to tell. */
export interface Refusal {
  readonly decisionId: string;
  readonly team: string;
  readonly cause: RefusalCause;
  /** What the query would have cost. */
  readonly estimate: Spend;
  /** Every deny budget that covers the team, so that the person sees what is left. */
  readonly balances: readonly BudgetBalance[];
}
