import type { Rewrite } from './advice.ts';
import type { RuleHit } from './policy.ts';
import type { BudgetBalance, Spend } from './spend.ts';

/** Why a query was not forwarded. */
export type RefusalCause =
  | { readonly by: 'rule'; readonly hits: readonly RuleHit[] }
  | {
      readonly by: 'budget';
      readonly balance: BudgetBalance;
      readonly requested: bigint;
      /**
       * What happened to its wait for a place in a budget of queries at once: the queue was full, or it waited in vain.
       */
      readonly waited: 'full' | 'too long' | null;
      /** The rules that hold for the query, if the budget refuses only what they hold for; otherwise none. */
      readonly matchedRules: readonly RuleHit[];
    };

/** What refused a query: rules, or a budget, by name. */
export interface Refuser {
  readonly by: RefusalCause['by'];
  readonly names: readonly string[];
}

/** The names in a cause. */
export function refuserIn(cause: RefusalCause): Refuser {
  return cause.by === 'rule'
    ? { by: 'rule', names: cause.hits.map(({ rule }) => rule) }
    : { by: 'budget', names: [cause.balance.budget.name] };
}

/** A refusal, with everything that its message says. */
export interface Refusal {
  readonly decisionId: string;
  /** The address of its page in the console; null if it is not configured how people reach the console. */
  readonly page: string | null;
  readonly cause: RefusalCause;
  /** Whom to ask about it; empty if the policy does not say. */
  readonly contacts: readonly string[];
  /** What the query would have cost. */
  readonly estimate: Spend;
  /** Every budget that covers the query and can refuse it, so that the person sees what is left. */
  readonly balances: readonly BudgetBalance[];
  /** Other forms of the query, best first; those that were found in time. */
  readonly rewrites: readonly Rewrite[];
}
