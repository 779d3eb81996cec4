import { expect, test } from 'vitest';
import type { BudgetEntry } from '../../../src/policy/document/budget-schema.ts';
import type { TeamEntry } from '../../../src/policy/document/schema.ts';
import type { Sections } from '../../../src/policy/document/sections.ts';
import { budgetWarnings } from '../../../src/policy/warnings/budget-warnings.ts';
import { teamWarnings } from '../../../src/policy/warnings/team-warnings.ts';
import { bytesLimit } from '../../budget/builders.ts';

/** How often entries are looked at to warn about this many teams with a budget each. */
function looks(count: number, warn: (sections: Sections) => readonly unknown[]): number {
  let looked = 0;
  const located = <T>(value: T) => ({
    get value() {
      looked++;
      return value;
    },
    at: () => ({ file: 'policies/a.yaml', line: 1, column: 1 }),
  });
  const numbers = Array.from({ length: count }, (_, i) => i);
  const sections = {
    teams: numbers.map((i) => located<TeamEntry>({ name: `t${i}`, principals: [`p${i}@dados.example`] })),
    budgets: numbers.map((i) =>
      located<Partial<BudgetEntry>>({ name: `b${i}`, team: `t${i}`, window: 'day', limit: bytesLimit(1n) }),
    ),
    rules: [],
  };
  expect(warn(sections as unknown as Sections)).toEqual([]);
  return looked;
}

test.each([
  ['budgets', budgetWarnings],
  ['teams', teamWarnings],
])('warnings about %s look at each entry a few times, however many there are', (_name, warn) => {
  expect(looks(1000, warn)).toBe(10 * looks(100, warn));
});
