import { amountOfLimit, type Budget, inBaseUnits, unitOf } from '../../vocabulary/budget.ts';
import { type BudgetBalance, remaining } from '../../vocabulary/spend.ts';

/**
 * What conditions know about one budget: the account that pays for the query, in its current window. Amounts are in the
 * limit's own unit: bytes, units of the currency, slot-hours, queries.
 */
export interface BudgetFacts {
  readonly known: boolean;
  readonly covers: boolean;
  readonly limit: number;
  readonly used: number;
  readonly reserved: number;
  readonly left: number;
  readonly share: number;
}

/** CEL's library recognises a value's type by its constructor. */
export class BudgetState {}

/**
 * The budget facts, by budget name.
 * @param balances the state of those that cover the query; null if the ledger did not say
 */
export function budgetFacts(
  budgets: readonly Budget[],
  balances: readonly BudgetBalance[] | null,
): Readonly<Record<string, BudgetFacts>> {
  const byName = new Map((balances ?? []).map((balance) => [balance.budget.name, balance]));
  return Object.fromEntries(
    budgets.map((budget) => [
      budget.name,
      Object.assign(new BudgetState(), factsOf(budget, byName.get(budget.name) ?? null, balances !== null)),
    ]),
  );
}

function factsOf(budget: Budget, balance: BudgetBalance | null, known: boolean): BudgetFacts {
  const limit = balance?.limit ?? amountOfLimit(budget.limit);
  const { used, reserved } = balance ?? { used: 0n, reserved: 0n };
  const inUnits = (amount: bigint) => inLimitUnits(budget, amount);
  return {
    known,
    covers: balance !== null,
    limit: inUnits(limit),
    used: inUnits(used),
    reserved: inUnits(reserved),
    left: inUnits(balance === null ? limit : remaining(balance)),
    // A budget of zero counts as fully used.
    share: limit === 0n ? 1 : Number(used + reserved) / Number(limit),
  };
}

const SECONDS_PER_HOUR = 3600;

function inLimitUnits({ limit }: Budget, amount: bigint): number {
  const inBase = inBaseUnits(unitOf(limit), amount);
  return limit.measure === 'slot time' ? inBase / SECONDS_PER_HOUR : inBase;
}
