import { expect, test, vi } from 'vitest';
import type { SettledQuery } from '../../src/budget/budgets.ts';
import { createThresholds } from '../../src/proxy/thresholds.ts';
import type { BudgetBalance } from '../../src/vocabulary/spend.ts';
import { budget, covering, noon } from '../budget/builders.ts';

/** Thresholds over budgets that record which queries they were read for, and what was checked or failed. */
function watching({ fails = false } = {}) {
  const reads: (readonly SettledQuery[])[] = [];
  const checked: (readonly BudgetBalance[])[] = [];
  const errors: unknown[] = [];
  const thresholds = createThresholds({
    budgets: {
      async standingAfter(queries) {
        reads.push(queries);
        if (fails) throw new Error('the ledger is away');
        return [];
      },
    },
    notices: {
      async check(balances) {
        checked.push(balances);
      },
    },
    onError: (error) => errors.push(error),
  });
  return { thresholds, reads, checked, errors };
}

const warned = covering(budget({ name: 'warned', warnAt: [80] }));
const silent = covering(budget({ name: 'silent', warnAt: [] }));

test('budgets of queries that are settled soon after each other are read once for all of them', async () => {
  const { thresholds, reads, checked } = watching();

  for (const n of [1, 2, 3]) thresholds.look({ coverages: warned, atMs: noon + n });
  await vi.waitFor(() => expect(checked).toHaveLength(1));
  thresholds.look({ coverages: warned, atMs: noon });
  await vi.waitFor(() => expect(checked).toHaveLength(2));

  expect(reads.map((queries) => queries.map(({ atMs }) => atMs - noon))).toEqual([[1, 2, 3], [0]]);
});

test('budgets without warning thresholds are not read', async () => {
  const { thresholds, reads } = watching();

  thresholds.look({ coverages: silent, atMs: noon });
  thresholds.look({ coverages: [...silent, ...warned], atMs: noon });
  await thresholds.drained();

  expect(reads).toEqual([[{ coverages: warned, atMs: noon }]]);
});

test('budgets that cannot be read are reported, and read again after the next settlement', async () => {
  const { thresholds, reads, errors } = watching({ fails: true });

  thresholds.look({ coverages: warned, atMs: noon });
  await thresholds.drained();
  thresholds.look({ coverages: warned, atMs: noon });
  await thresholds.drained();

  expect(errors).toHaveLength(2);
  expect(reads).toHaveLength(2);
});

test('whoever drains waits for the budgets of every query, and finds nothing left to read', async () => {
  const { thresholds, reads, checked } = watching();

  thresholds.look({ coverages: warned, atMs: noon });
  await thresholds.drained();
  await thresholds.drained();

  expect(reads).toHaveLength(1);
  expect(checked).toHaveLength(1);
});
