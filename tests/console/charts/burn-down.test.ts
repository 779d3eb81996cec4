import { describe, expect, test } from 'vitest';
import { burnDownOf } from '../../../src/console/charts/burn-down.ts';
import { budget, bytesLimit, noon } from '../../budget/builders.ts';

const HOUR_MS = 3_600_000;
const startMs = noon - 12 * HOUR_MS;
const of = budget({ limit: bytesLimit(1000n) });
const balance = {
  budget: of,
  account: '',
  window: { key: '2026-11-24', startMs, endMs: startMs + 24 * HOUR_MS },
  limit: 1000n,
  granted: 0n,
  used: 300n,
  reserved: 50n,
};
const hour = (number: number, amount: bigint, changes = {}) => ({
  budget: of.name,
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
      hour(24, 7n),
      hour(30, 7n),
    ];

    const { points } = burnDownOf(balance, others, null, noon);

    expect(points.map(({ left }) => left)).toEqual([1000n, 650n]);
  });
});
