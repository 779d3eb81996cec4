import { describe, expect, test } from 'vitest';
import { burnDownOf } from '../../../src/console/charts/burn-down.ts';
import { HOUR_MS } from '../../../src/foundation/calendar/durations.ts';
import { noon } from '../../budget/builders.ts';
import { balance, startMs } from './builders.ts';

const hour = (number: number, amount: bigint, changes = {}) => ({
  budget: balance.budget.name,
  unit: 'bytes',
  hourMs: startMs + number * HOUR_MS,
  amount,
  ...changes,
});

describe("a budget's burn-down over its window", () => {
  test('falls by the amount charged in each hour, and ends at the balance of the budget', () => {
    const { points, leftAtEnd } = burnDownOf(balance, [hour(3, 200n), hour(1, 100n)], 700n, noon);

    expect(points).toEqual([
      { atMs: startMs, left: 1000n },
      { atMs: startMs + 2 * HOUR_MS, left: 900n },
      { atMs: startMs + 4 * HOUR_MS, left: 700n },
      { atMs: noon, left: 650n },
    ]);
    expect(leftAtEnd).toBe(300n);
  });

  test('ignores amounts of other budgets, units and windows', () => {
    const others = [
      hour(1, 7n, { budget: 'another' }),
      hour(1, 7n, { unit: 'BRL' }),
      hour(-30, 7n),
      hour(-1, 7n),
      hour(24, 7n),
      hour(30, 7n),
    ];

    const { points } = burnDownOf(balance, others, null, noon);

    expect(points.map(({ left }) => left)).toEqual([1000n, 650n]);
  });
});
