import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { showWait } from '../../../src/commands/shared/progress.ts';

const { isTTY } = process.stderr;
const written: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});
afterEach(() => {
  process.stderr.isTTY = isTTY;
  vi.restoreAllMocks();
  vi.useRealTimers();
  written.length = 0;
});

/** What a person reads in the meantime, without what moves the cursor. */
async function shownDuring(ms: number): Promise<readonly string[]> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const waited = showWait('Adding up', promise);
  await vi.advanceTimersByTimeAsync(ms);
  resolve();
  await waited;
  return written.map((text) => text.replace('\r\u001b[K', ''));
}

describe('while somebody waits', () => {
  test('the seconds are counted from the second one on, and their line is cleared in the end', async () => {
    process.stderr.isTTY = true;

    expect(await shownDuring(3_500)).toEqual(['Adding up: 2 s', 'Adding up: 3 s', '']);
  });

  test('nothing is shown for what is quick, nor where nobody watches', async () => {
    process.stderr.isTTY = true;
    expect(await shownDuring(1_500)).toEqual([]);

    process.stderr.isTTY = false;
    expect(await shownDuring(3_500)).toEqual([]);
  });
});
