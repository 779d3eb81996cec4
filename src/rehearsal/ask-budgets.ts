import { accountWindowsAt } from '../budget/accounts.ts';
import { bytesToAsk, capToSend } from '../budget/bytes-to-ask.ts';
import type { LockedAccounts } from '../budget/reservations/locked-accounts.ts';
import {
  claimsOf,
  isWaitedFor,
  type ReserveOutcome,
  type ReserveRequest,
  reserveOn,
} from '../budget/reservations/reserve.ts';
import { amountOfLimit, type Coverage } from '../vocabulary/budget.ts';
import type { Bytes } from '../vocabulary/bytes.ts';
import { costOf } from '../vocabulary/pricing.ts';
import type { BudgetBalance, Spend } from '../vocabulary/spend.ts';
import type { JudgedQuery } from './judged-query.ts';

/** What the budgets would say. */
export interface BudgetsAnswer {
  /** What would be requested from them; with headroom if it is due and fits. */
  readonly requested: Spend;
  /** The `maximumBytesBilled` that would be sent. */
  readonly cap: Bytes;
  readonly outcome: ReserveOutcome;
}

/** The state of budgets from which nothing has been spent. */
export function unspentBalances(coverages: readonly Coverage[], atMs: number): readonly BudgetBalance[] {
  return accountWindowsAt(coverages, atMs).map(({ budget, account, window }) => ({
    budget,
    account,
    window,
    limit: amountOfLimit(budget.limit),
    granted: 0n,
    used: 0n,
    reserved: 0n,
  }));
}

/** Asks budgets as the guard would, with the same arithmetic, but takes nothing from them. */
export function askBudgets(
  judged: JudgedQuery,
  coverages: readonly Coverage[],
  balances: readonly BudgetBalance[],
): BudgetsAnswer {
  const { policy, estimate, verdict, tariff, slotMs } = judged;
  const caps = verdict.maximumBytesBilled === null ? [] : [verdict.maximumBytesBilled];
  const amounts = bytesToAsk({ estimate, isFresh: true, inexactReserve: policy.inexactReserve, caps });
  const answers = amounts.map((bytesBilled): BudgetsAnswer => {
    const requested = { bytesBilled, slotMs, queries: 1n, cost: costOf({ bytesBilled, slotMs }, tariff) };
    const request: ReserveRequest = {
      decisionId: judged.id,
      atMs: judged.atMs,
      coverages,
      rulesHeld: verdict.hits.map(({ rule }) => rule),
      pricing: policy.pricingAt(judged.atMs),
      spend: requested,
      expiresAtMs: judged.atMs,
      replica: '',
    };
    const outcome = reserveOn(accountsWith(balances), request, claimsOf(request), null);
    return { requested, cap: capToSend(bytesBilled, caps), outcome };
  });
  const accepted =
    answers.find(({ outcome }) => outcome.reserved || isWaitedFor(outcome.balance)) ?? answers.at(-1);
  if (accepted === undefined) throw new Error('unreachable: something is asked of budgets in any case');
  return accepted;
}

/** Accounts with these balances, which keep no changes. */
function accountsWith(balances: readonly BudgetBalance[]): LockedAccounts {
  return {
    balance({ budget, account }) {
      const balance = balances.find(
        (candidate) => candidate.budget.name === budget.name && candidate.account === account,
      );
      if (balance === undefined) throw new Error(`unreachable: nothing is known of budget ${budget.name}`);
      return balance;
    },
    used: () => 0n,
    add: () => undefined,
    write: async () => undefined,
  };
}
