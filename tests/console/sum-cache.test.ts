import { describe, expect, test } from 'vitest';
import { createSumCache } from '../../src/console/sum-cache.ts';

/** A sum that is made when the test says so. */
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
  return createSumCache(make, {
    keyOf: (argument: string) => argument,
    freshMs: 1_000,
    now: () => clock.nowMs,
  });
}

/** Sums of which one was made. */
async function keptSum(value: string, { clock, tookMs = 0 }: { clock: { nowMs: number }; tookMs?: number }) {
  const { make, made } = heldSum();
  const sums = cacheOf(make, clock);
  const first = sums.get('month', 1_000);
  clock.nowMs += tookMs;
  made[0]?.resolve(value);
  await first;
  return { sums, made };
}

describe('a sum that is kept', () => {
  test('is not waited for longer than asked, and is there for who asks later', async () => {
    const { make, made } = heldSum();
    const sums = cacheOf(make, { nowMs: 0 });

    expect(await sums.get('month', 1)).toBeNull();
    made[0]?.resolve('42');

    expect(await sums.get('month', 1_000)).toEqual({ value: '42', atMs: 0 });
    expect(made).toHaveLength(1);
  });

  test('that has grown old is made anew before it is shown, where that was quickly done before', async () => {
    const clock = { nowMs: 0 };
    const { sums, made } = await keptSum('of the night before', { clock });

    clock.nowMs = 36_000_000;
    const shown = sums.get('month', 1_000);
    made[1]?.resolve('of this morning');

    expect((await shown)?.value).toBe('of this morning');
  });

  test('is shown as it was where a newer one is not there in time, which is made once for all who ask', async () => {
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

  test('is made anew where the clock was set back since', async () => {
    const clock = { nowMs: 3_600_000 };
    const { sums, made } = await keptSum('of the future', { clock });

    clock.nowMs = 0;
    await sums.get('month', 1);

    expect(made).toHaveLength(2);
  });

  test('that took long to make is good for ten times as long', async () => {
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

  test('that is the first says nothing of how long the next takes, since what makes it had to start', async () => {
    const clock = { nowMs: 0 };
    const { sums, made } = await keptSum('of the start', { clock, tookMs: 7_000 });

    clock.nowMs = 8_001;
    const shown = sums.get('month', 1_000);
    made[1]?.resolve('of now');

    expect((await shown)?.value).toBe('of now');
  });

  test('is shown as it was where a newer one cannot be made', async () => {
    const clock = { nowMs: 0 };
    const { sums, made } = await keptSum('old', { clock });

    clock.nowMs = 1_001;
    const shown = sums.get('month', 1_000);
    made[1]?.reject(new Error('no ledger'));

    expect((await shown)?.value).toBe('old');
  });

  test('fails only where there is none, and is tried again', async () => {
    const { make, made } = heldSum();
    const sums = cacheOf(make, { nowMs: 0 });
    const argument = sums.get('month', 1_000);
    made[0]?.reject(new Error('no ledger'));

    await expect(argument).rejects.toThrow('no ledger');
    const again = sums.get('month', 1_000);
    made[1]?.resolve('42');
    expect((await again)?.value).toBe('42');
  });

  test('is of its own argument', async () => {
    const sums = cacheOf(async (argument) => `sum of ${argument}`, { nowMs: 0 });

    const both = await Promise.all([sums.get('a', 1_000), sums.get('b', 1_000)]);

    expect(both.map((one) => one?.value)).toEqual(['sum of a', 'sum of b']);
  });
});
