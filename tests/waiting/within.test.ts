import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withinMs } from '../../src/waiting/within.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new Promise<never>(() => undefined);

test('what comes in time is handed on, also where it is null, and no timer is left', async () => {
  expect(await withinMs(Promise.resolve(null), 100)).toEqual({ value: null });
  expect(vi.getTimerCount()).toBe(0);
});

test('what fails in time fails, and no timer is left', async () => {
  await expect(withinMs(Promise.reject(new Error('broken')), 100)).rejects.toThrow('broken');
  expect(vi.getTimerCount()).toBe(0);
});

test('what takes longer is null at the limit, once what came by then was heard, and not before', async () => {
  const came = vi.fn();
  void withinMs(never, 100).then(came);

  await vi.advanceTimersByTimeAsync(99);
  expect(came).not.toHaveBeenCalled();

  await vi.advanceTimersByTimeAsync(1);
  await vi.advanceTimersToNextTimerAsync();
  expect(came).toHaveBeenCalledExactlyOnceWith(null);
});
