import { afterEach, expect, test, vi } from 'vitest';
import { backoff } from '../../../src/foundation/waiting/backoff.ts';

afterEach(() => void vi.restoreAllMocks());

const LIMITS = { firstMs: 100, maxMs: 1_000 };

test.each([
  ['the shortest', 0, [50, 100, 200, 400, 500, 500]],
  ['nearly the longest', 1, [100, 200, 400, 800, 1_000, 1_000]],
])('waits double up to the limit, with %s half left to chance', (_what, chance, pauses) => {
  vi.spyOn(Math, 'random').mockReturnValue(chance);

  expect([1, 2, 3, 4, 5, 6].map((attempts) => backoff(attempts, LIMITS))).toEqual(pauses);
});

test('a target that failed a thousand times is still retried', () => {
  expect(backoff(1_000, LIMITS)).toBeLessThanOrEqual(1_000);
});
