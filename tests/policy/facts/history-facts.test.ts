import { describe, expect, test } from 'vitest';
import { holds } from '../looked-up.ts';

describe('facts of history', () => {
  const atMs = Date.UTC(2026, 10, 24, 12);
  const usd = (micros: bigint) => ({ currency: 'USD', micros });

  test('give how often a query ran, at what cost and when last', () => {
    const background = {
      history: {
        runs: 20,
        medianCost: usd(1_500_000n),
        p95Cost: usd(4_000_000n),
        lastSeenMs: atMs - 5_400_000,
      },
    };
    const condition =
      'history.known && history.runs == 20 && history.median_cost == 1.5 && history.p95_cost == 4.0 && history.last_seen_hours == 1.5';
    expect(holds(condition, { atMs, background })).toBe(true);
  });

  test('of a query that never ran are known, with 0 runs and -1 for the rest', () => {
    const background = { history: { runs: 0, medianCost: null, p95Cost: null, lastSeenMs: null } };
    const nothing = 'history.runs == 0 && history.p95_cost == -1.0 && history.last_seen_hours == -1.0';
    expect(holds(`history.known && ${nothing}`, { background })).toBe(true);
    expect(holds(`!history.known && ${nothing}`)).toBe(true);
  });

  test('never place the last run in the future, even if clocks differ', () => {
    const background = { history: { runs: 1, medianCost: usd(1n), p95Cost: usd(1n), lastSeenMs: atMs + 9 } };
    expect(holds('history.last_seen_hours == 0.0', { atMs, background })).toBe(true);
  });
});
