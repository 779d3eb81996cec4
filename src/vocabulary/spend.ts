import type { Bytes } from './bytes.ts';
import type { Money } from './money.ts';
import type { Budget } from './policy.ts';

/** What a query takes, or has taken, out of a budget. */
export interface Spend {
  readonly bytesBilled: Bytes;
  readonly cost: Money;
}

/** A budget's window that holds an instant. */
export interface WindowSpan {
  /** Key of the window in its zone: `2026-11-24` for a day, `2026-11` for a month. */
  readonly key: string;
  readonly startMs: number;
  /** When the budget renews: the first millisecond after the window. */
  readonly endMs: number;
}

/**
 * How a budget stands. Amounts are in the budget's own measure: bytes, or micros of its currency.
 * `used` is settled, `reserved` is admitted and not yet settled.
 */
export interface BudgetBalance {
  readonly budget: Budget;
  readonly window: WindowSpan;
  readonly limit: bigint;
  readonly used: bigint;
  readonly reserved: bigint;
}

/** What a balance still holds; never below zero. */
export function left(balance: BudgetBalance): bigint {
  const rest = balance.limit - balance.used - balance.reserved;
  return rest > 0n ? rest : 0n;
}
