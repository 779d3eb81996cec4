import { describe, expect, test } from 'vitest';
import { createSumCache } from '../../src/console/sum-cache.ts';

/** A sum that is computed when the test resolves it. */
function heldSum() {
  const made: PromiseWithResolvers<string>[] = [];
  return {
    made,
    make: () => {
      const next = Promise.withResolvers<string>();
      made.push(next);
      return next.promise;
    },
  };
}

function cacheOf(make: (argument: string) => Promise<string>, clock: { nowMs: number }) {
  return createSumCache(make, { freshMs: 1_000, now: () => clock.nowMs });
}

/** A cache in which one sum has been computed. */
async function keptSum(value: string, { clock, tookMs = 0 }: { clock: { nowMs: number }; tookMs?: number }) {
  const { make, made } = heldSum();
  const sums = cacheOf(make, clock);
  const first = sums.get('month', 1_000);
  clock.nowMs += tookMs;
  made[0]?.resolve(value);
  await first;
  return { sums, made };
}

describe('a cached sum', () => {
  test('is waited for no longer than requested, and is there for a later request', async () => {
    const { make, made } = heldSum();
    const sums = cacheOf(make, { nowMs: 0 });

    expect(await sums.get('month', 1)).toBeNull();
    made[0]?.resolve('42');

    expect(await sums.get('month', 1_000)).toEqual({ value: '42', atMs: 0 });
    expect(made).toHaveLength(1);
  });

  test('that has expired is computed again before it is shown, if that is quick', async () => {
    const clock = { nowMs: 0 };
    const { sums, made } = await keptSum('of the night before', { clock });

    clock.nowMs = 36_000_000;
    const shown = sums.get('month', 1_000);
    made[1]?.resolve('of this morning');

    expect((await shown)?.value).toBe('of this morning');
  });

  test('is shown although expired if the new one is not ready in time, which is computed once for all requests', async () => {
    const clock = { nowMs: 0 };
    const { sums, made } = await keptSum('old', { clock });

    clock.nowMs = 1_001;
    const shown = await Promise.all([sums.get('month', 1), sums.get('month', 1)]);
    made[1]?.resolve('new');
    await made[1]?.promise;

    expect(shown.map((one) => one?.value)).toEqual(['old', 'old']);
    expect(made).toHaveLength(2);
    expect((await sums.get('month', 1_000))?.value).toBe('new');
  });

  test('is computed again if the clock was set back since', async () => {
    const clock = { nowMs: 3_600_000 };
    const { sums, made } = await keptSum('of the future', { clock });

    clock.nowMs = 0;
    await sums.get('month', 1);

    expect(made).toHaveLength(2);
  });

  test('that took long to compute stays fresh ten times as long', async () => {
    const clock = { nowMs: 0 };
    const { sums, made } = await keptSum('first', { clock });
    clock.nowMs = 1_000;
    const second = sums.get('month', 1_000);
    clock.nowMs = 1_500;
    made[1]?.resolve('slow');
    await second;

    clock.nowMs = 5_999;
    await sums.get('month', 1_000);
    expect(made).toHaveLength(2);
    clock.nowMs = 6_001;
    await sums.get('month', 1);
    expect(made).toHaveLength(3);
  });

  test('is not kept longer because the first one was slow, since its process had to start', async () => {
    const clock = { nowMs: 0 };
    const { sums, made } = await keptSum('of the start', { clock, tookMs: 7_000 });

    clock.nowMs = 8_001;
    const shown = sums.get('month', 1_000);
    made[1]?.resolve('of now');

    expect((await shown)?.value).toBe('of now');
  });

  test('is shown although expired if computing a new one fails', async () => {
    const clock = { nowMs: 0 };
    const { sums, made } = await keptSum('old', { clock });

    clock.nowMs = 1_001;
    const shown = sums.get('month', 1_000);
    made[1]?.reject(new Error('no ledger'));

    expect((await shown)?.value).toBe('old');
  });

  test('is tried again after a failure, which is reported only if there is no earlier sum', async () => {
    const { make, made } = heldSum();
    const sums = cacheOf(make, { nowMs: 0 });
    const argument = sums.get('month', 1_000);
    made[0]?.reject(new Error('no ledger'));

    await expect(argument).rejects.toThrow('no ledger');
    const again = sums.get('month', 1_000);
    made[1]?.resolve('42');
    expect((await again)?.value).toBe('42');
  });

  test('is separate for each argument', async () => {
    const sums = cacheOf(async (argument) => `sum of ${argument}`, { nowMs: 0 });

    const both = await Promise.all([sums.get('a', 1_000), sums.get('b', 1_000)]);

    expect(both.map((one) => one?.value)).toEqual(['sum of a', 'sum of b']);
  });
});
