import { type AccountWindow, accountWindowsAt, countedKeys, keyOf } from '../../../budget/accounts.ts';
import { amountOf, exchangeMicrosOf, settledAmountOf } from '../../../budget/amounts.ts';
import { BudgetError } from '../../../budget/errors.ts';
import { type Grant, grantedTo } from '../../../budget/grants.ts';
import { binds } from '../../../budget/reservations/reserve.ts';
import { windowAt } from '../../../budget/windows.ts';
import type { Policy } from '../../../policy/policy.ts';
import { didRun } from '../../../records/did-run.ts';
import type { PastQuery } from '../../../reports/replay/outcomes.ts';
import { amountOfLimit, type Budget, type Coverage } from '../../../vocabulary/budget.ts';
import type { Caller } from '../../../vocabulary/caller.ts';
import type { Micros } from '../../../vocabulary/money.ts';
import type { Pricing } from '../../../vocabulary/pricing.ts';
import type { Spend } from '../../../vocabulary/spend.ts';

/** A past query that no rule refuses. */
export interface BudgetRequest {
  readonly past: PastQuery;
  readonly caller: Caller;
  /** What guardrail would request from budgets. */
  readonly spend: Spend;
  readonly rulesHit: readonly string[];
}

/** The budgets of a policy, charged with past queries in order of time. */
export interface BudgetReplay {
  /** @returns the budget that refuses the query; null if none does, and then it is charged what the query came to */
  admit(request: BudgetRequest): string | null;
  /** Charges a query from before the replay, whatever is left in the budgets. */
  charge(past: PastQuery): void;
}

/**
 * Replays budgets: a query requests its estimate, and is charged at once what it was billed, or its estimate if it was
 * refused in the past but not now. Limits of queries at once are not replayed: a query that waited in vain stays
 * refused.
 * @param pricing whose exchange rates apply to everything
 */
export function createBudgetReplay(
  policy: Policy,
  { grants, pricing }: { readonly grants: readonly Grant[]; readonly pricing: Pricing },
): BudgetReplay {
  const spent = createSpentByAccount();

  function admit({ past, caller, spend, rulesHit }: BudgetRequest): string | null {
    const covering = policy.coverageOf({ caller, projectId: past.projectId });
    const windows = accountWindowsAt(covering.filter(isCumulative), past.atMs);
    const binding = ({ budget }: Coverage) => binds(budget, rulesHit);
    const exhausted = windows.filter(binding).find((window) => !fits(window, spend));
    if (exhausted !== undefined) return exhausted.budget.name;
    const places = covering.filter((coverage) => !isCumulative(coverage)).filter(binding);
    const timedOut = places.find(({ budget }) => past.outcome === 'refused' && budget.name === past.cause);
    if (timedOut !== undefined) return timedOut.budget.name;
    chargeTo(windows, past.outcome === 'admitted' ? (settledSpend(past) ?? spend) : spend);
    return null;
  }

  function charge(past: PastQuery): void {
    const spend = settledSpend(past);
    const { name: team } = policy.teamOf(past.caller.principal);
    if (spend === null) return;
    const covering = policy.coverageOf({ caller: { ...past.caller, team }, projectId: past.projectId });
    chargeTo(accountWindowsAt(covering.filter(isCumulative), past.atMs), spend);
  }

  function fits(window: AccountWindow, spend: Spend): boolean {
    const { budget, account, unit, atMs } = window;
    const granted = grantedTo({ budget: budget.name, account, unit, atMs }, grants);
    const requested = amountOf(spend, unit, exchangeMicrosFor(spend, budget, pricing));
    return spent.inWindow(window) + requested <= amountOfLimit(budget.limit) + granted;
  }

  function chargeTo(windows: readonly AccountWindow[], spend: Spend): void {
    for (const window of windows) {
      const exchangeMicros = exchangeMicrosFor(spend, window.budget, pricing);
      spent.add(window, settledAmountOf(spend, window.unit, exchangeMicros));
    }
  }

  return { admit, charge };
}

/** Whether spend stays in a window until the window ends. */
function isCumulative({ budget }: Coverage): boolean {
  return budget.limit.measure !== 'at once';
}

/**
 * @throws BudgetError if it was paid in a currency other than the pricing's, which would be counted as if in that one
 */
function exchangeMicrosFor({ cost }: Spend, budget: Budget, pricing: Pricing): Micros | null {
  if (budget.limit.measure !== 'money' || cost.currency === pricing.currency) {
    return exchangeMicrosOf(budget, pricing);
  }
  throw new BudgetError(
    'wrong currency',
    `Budget ${budget.name} is replayed at prices in ${pricing.currency}, but recorded queries were paid in ${cost.currency}.`,
    'Replay only the rules, with --no-budgets.',
  );
}

/** What the accounts of budgets have spent, by window key. */
interface SpentByAccount {
  inWindow(window: AccountWindow): bigint;
  add(window: AccountWindow, amount: bigint): void;
}

function createSpentByAccount(): SpentByAccount {
  const byAccount = new Map<string, Map<string, bigint>>();

  function accountOf({ budget, account, unit }: AccountWindow): Map<string, bigint> {
    const id = JSON.stringify([budget.name, account, unit]);
    const existing = byAccount.get(id) ?? new Map<string, bigint>();
    byAccount.set(id, existing);
    return existing;
  }

  return {
    inWindow(window) {
      const { from, to } = countedKeys(window);
      let sum = 0n;
      for (const [key, amount] of accountOf(window)) if (from <= key && key <= to) sum += amount;
      return sum;
    },
    add(window, amount) {
      const account = accountOf(window);
      const { window_key } = keyOf(window);
      account.set(window_key, (account.get(window_key) ?? 0n) + amount);
    },
  };
}

/** No budgets: only rules are replayed, and what a budget refused stays refused. */
export const WITHOUT_BUDGETS: BudgetReplay = {
  admit: ({ past }) =>
    past.outcome === 'refused' && !past.hits.some(({ mode }) => mode === 'deny') ? past.cause : null,
  charge: () => undefined,
};

/** From when on queries count towards the budgets' windows that contain an instant. */
export function budgetsLookBackTo({ budgets }: Policy, atMs: number): number {
  const starts = budgets
    .filter(({ limit }) => limit.measure !== 'at once')
    .map(({ window, timeZone }) => windowAt(window, timeZone, atMs).startMs);
  return Math.min(atMs, ...starts);
}

/** Null if it is not known what it came to, or if no budget paid for it: a job without SQL or that bypassed guardrail. */
function settledSpend({ settlement, estimate, outcome }: PastQuery): Spend | null {
  if (settlement === null || estimate === null || outcome !== 'admitted') return null;
  const { bytesBilled, cost, slotMs } = settlement;
  return { bytesBilled, cost, slotMs: BigInt(slotMs ?? 0), queries: didRun(settlement) ? 1n : 0n };
}
