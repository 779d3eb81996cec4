import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { startTimeLimit } from '../../../src/foundation/waiting/time-limit.ts';
import { withinMs } from '../../../src/foundation/waiting/within.ts';
import { standStill } from './stand-still.ts';

/** Somebody who answers at once, whatever this thread does. */
async function startAnswering(): Promise<Worker> {
  const code = `const { parentPort } = require('node:worker_threads');
    parentPort.on('message', () => parentPort.postMessage('an answer'));`;
  const worker = new Worker(code, { eval: true });
  onTestFinished(async () => void (await worker.terminate()));
  worker.postMessage('are you there?');
  await once(worker, 'message');
  return worker;
}

test('an answer that came in time while the process was suspended counts, though the time is over', async () => {
  const worker = await startAnswering();
  const answer = once(worker, 'message');
  // What is heard in this turn comes before any timer.
  await setImmediate();
  const inTime = withinMs(answer, 100);

  worker.postMessage('a question');
  standStill(1_000);

  expect(await inTime).toEqual({ value: ['an answer'] });
});

test.each([
  [true, 1],
  [false, 0],
])('a time limit with keepsAlive %s holds the process by %d timers', (keepsAlive, timers) => {
  const holding = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = holding();

  const limit = startTimeLimit(60_000, () => undefined, { keepsAlive });
  onTestFinished(() => limit.cancel());

  expect(holding() - before).toBe(timers);
});

describe('a time limit', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('expires once, when its time has passed', () => {
    const onOver = vi.fn();
    startTimeLimit(100, onOver, { keepsAlive: true });

    vi.advanceTimersByTime(99);
    const before = onOver.mock.calls.length;
    vi.advanceTimersByTime(1_000);

    expect([before, onOver.mock.calls.length]).toEqual([0, 1]);
  });

  test('that was ended never expires, and leaves no timer', () => {
    const onOver = vi.fn();
    startTimeLimit(100, onOver, { keepsAlive: true }).cancel();

    vi.advanceTimersByTime(1_000);

    expect([onOver.mock.calls.length, vi.getTimerCount()]).toEqual([0, 0]);
  });
});
