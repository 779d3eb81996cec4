import type { Budget } from './budget.ts';
import type { Bytes } from './bytes.ts';
import type { Money } from './money.ts';
import { costIn, type Pricing } from './pricing.ts';

/** What a query takes, or has taken, from budgets. */
export interface Spend {
  readonly bytesBilled: Bytes;
  readonly cost: Money;
  readonly slotMs: bigint;
  /** 1, or 0 for a query that did not run after all. */
  readonly queries: bigint;
}

/** The window of a budget that contains an instant. */
export interface WindowSpan {
  /** The same for all instants of one window, in its time zone: `2026-11-24` for a day, `2026-11` for a month. */
  readonly key: string;
  readonly startMs: number;
  /** When the budget renews: the first millisecond after the window. */
  readonly endMs: number;
}

/** The state of one account of a budget. Amounts are in the unit of the budget's limit. */
export interface BudgetBalance {
  readonly budget: Budget;
  readonly account: string;
  readonly window: WindowSpan;
  /** What may be spent, including grants. */
  readonly limit: bigint;
  /** The part of the limit that comes from current grants. */
  readonly granted: bigint;
  /** Settled. */
  readonly used: bigint;
  /** Admitted and not yet settled. */
  readonly reserved: bigint;
}

/** What is left of a balance; never below zero. */
export function remaining(balance: BudgetBalance): bigint {
  const rest = balance.limit - balance.used - balance.reserved;
  return rest > 0n ? rest : 0n;
}

/** A cost in every other currency in which some budgets count, as far as the pricing has a rate. */
export function costInBudgets(
  cost: Money,
  balances: readonly Pick<BudgetBalance, 'budget'>[],
  pricing: Pricing,
): readonly Money[] {
  const currencies = new Set(
    balances.flatMap(({ budget: { limit } }) => (limit.measure === 'money' ? [limit.money.currency] : [])),
  );
  currencies.delete(cost.currency);
  return [...currencies].flatMap((currency) => costIn(currency, cost, pricing) ?? []);
}
