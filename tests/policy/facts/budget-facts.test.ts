import { describe, expect, test } from 'vitest';
import type { BudgetBalance } from '../../../src/vocabulary/spend.ts';
import { errorsIn } from '../builders.ts';
import { BUDGETS, GIB, holds, policyWhen } from '../looked-up.ts';

describe('facts of a budget', () => {
  const policy = policyWhen('true');
  const balance = (name: string, changes: Partial<BudgetBalance>): BudgetBalance => {
    const budget = policy.budgets.find((one) => one.name === name);
    if (budget === undefined) throw new Error(`no budget ${name}`);
    const window = { key: '2026-11-24', startMs: 0, endMs: 1 };
    return { budget, account: '', window, limit: 0n, granted: 0n, used: 0n, reserved: 0n, ...changes };
  };

  test('give what is used, reserved and left, and the share', () => {
    const balances = [balance('day', { limit: 20n * GIB, used: 14n * GIB, reserved: 2n * GIB })];
    const condition =
      'budget("day").covers && budget("day").known && budget("day").share == 0.8 && budget("day").used == double(gib(14)) && budget("day").reserved == double(gib(2)) && budget("day").left == double(gib(4)) && budget("day").limit > gib(19)';
    expect(holds(condition, { background: { balances } })).toBe(true);
  });

  test("are in the limit's own unit", () => {
    const balances = [
      balance('month', { limit: 300_000_000n, used: 310_500_000n }),
      balance('slots', { limit: 144_000_000n, used: 5_400_000n }),
    ];
    const condition =
      'budget("month").used == 310.5 && budget("month").left == 0.0 && budget("month").share > 1.03 && budget("slots").limit == 40.0 && budget("slots").used == 1.5';
    expect(holds(condition, { background: { balances } })).toBe(true);
  });

  test('that does not cover the query, or whose balance is unknown, are those of an unused budget', () => {
    const untouched =
      '!budget("day").covers && budget("day").share == 0.0 && budget("day").left == double(gib(20))';
    expect(holds(`budget("day").known && ${untouched}`, { background: { balances: [] } })).toBe(true);
    expect(holds(`!budget("day").known && ${untouched}`)).toBe(true);
  });

  test('with a limit of zero show a share of 1', () => {
    const balances = [balance('day', { limit: 0n })];
    expect(holds('budget("day").share == 1.0', { background: { balances } })).toBe(true);
  });

  const rule = (when: string, message = 'm') =>
    errorsIn(`version: 1
${BUDGETS}
rules:
  - name: r
    mode: warn
    when: ${when}
    message: ${message}
`);

  test('that is not defined are an error at the exact column, suggesting the likely name', () => {
    expect(rule(`budget("day").share > 0.5 && budget("mnth").share > 0.5`)).toEqual([
      'policies/a.yaml:11:47: there is no budget mnth; expected one of day, month, slots; did you mean "month"?',
    ]);
    expect(rule('true', `left \${string(budget("dia").left)}`)).toEqual([
      expect.stringMatching(
        /^policies\/a.yaml:12:35: there is no budget dia; expected one of day, month, slots/,
      ),
    ]);
  });

  test('whose name is not a quoted literal are an error', () => {
    expect(rule('budgets["day"].share > 0.5')).toEqual([expect.stringContaining('budget("name")')]);
    expect(rule('budget(caller.team).share > 0.5')).toEqual([
      expect.stringMatching(/budget\(\) takes the name of a budget, in quotes/),
    ]);
  });
});
