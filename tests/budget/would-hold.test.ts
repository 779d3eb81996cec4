import { describe, expect, test } from 'vitest';
import { wouldHold } from '../../src/budget/would-hold.ts';
import { amountOfLimit, type Budget } from '../../src/vocabulary/budget.ts';
import type { BudgetBalance } from '../../src/vocabulary/spend.ts';
import { atOnce, brlLimit, budget, bytesLimit, pricing, spend } from './builders.ts';

/** A budget of which 600 are used and 200 reserved. */
function balance(of: Budget, used = 600n): BudgetBalance {
  const window = { key: '2026-11-24', startMs: 0, endMs: 1 };
  return {
    budget: of,
    account: '',
    window,
    limit: amountOfLimit(of.limit),
    granted: 0n,
    used,
    reserved: 200n,
  };
}

const holds = (balances: readonly BudgetBalance[], bytes: bigint, rulesHeld: readonly string[] = []) =>
  wouldHold(balances, { spend: spend(bytes), rulesHeld, pricing });

describe('budgets have room for a query', () => {
  test('up to what is neither used nor reserved in each of them', () => {
    const small = balance(budget({ limit: bytesLimit(1000n) }));
    const large = balance(budget({ limit: bytesLimit(9000n) }));

    expect(holds([small, large], 200n)).toBe(true);
    expect(holds([large, small], 201n)).toBe(false);
    expect(holds([], 201n)).toBe(true);
  });

  test('in money at the exchange rate of the pricing, rounded up', () => {
    const reais = balance(budget({ limit: brlLimit(900n) }));

    expect(holds([reais], 18n)).toBe(true);
    expect(holds([reais], 19n)).toBe(false);
  });

  test('of any size when they only warn, or refuse only for other rules', () => {
    const warning = balance(budget({ whenExceeded: 'warn' }));
    const picky = balance(budget({ whenExceeded: { only: ['no-star'] } }));

    expect(holds([warning, picky], 5000n, ['another'])).toBe(true);
    expect(holds([warning, picky], 5000n, ['no-star'])).toBe(false);
  });

  test('even when no place to run is free at the moment', () => {
    expect(holds([balance(atOnce(1n), 1n)], 10n)).toBe(true);
  });
});
