import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withinMs } from '../../../src/foundation/waiting/within.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new Promise<never>(() => undefined);

test('an outcome in time is passed on, even if it is null, and no timer is left', async () => {
  expect(await withinMs(Promise.resolve(null), 100)).toEqual({ value: null });
  expect(vi.getTimerCount()).toBe(0);
});

test('a failure in time is passed on, and no timer is left', async () => {
  await expect(withinMs(Promise.reject(new Error('broken')), 100)).rejects.toThrow('broken');
  expect(vi.getTimerCount()).toBe(0);
});

test('work that takes longer gives null at the limit, once events up to then were handled, and not before', async () => {
  const came = vi.fn();
  void withinMs(never, 100).then(came);

  await vi.advanceTimersByTimeAsync(99);
  expect(came).not.toHaveBeenCalled();

  await vi.advanceTimersByTimeAsync(1);
  await vi.advanceTimersToNextTimerAsync();
  expect(came).toHaveBeenCalledExactlyOnceWith(null);
});
