import { expect, onTestFinished, test, vi } from 'vitest';
import { createMetrics } from '../../../src/metrics/metrics.ts';
import { createClockWatch } from '../../../src/proxy/upstream/clock.ts';

/** A warehouse whose clock shows this many seconds less than this machine's. */
function dated(aheadSeconds: number): string {
  return new Date(Date.now() - aheadSeconds * 1000).toUTCString();
}

function watch() {
  const log = { error: vi.fn(), info: vi.fn() };
  const metrics = createMetrics();
  const gauge = async () => (await metrics.clockAhead.get()).values.map(({ value }) => Math.round(value));
  return { clock: createClockWatch({ log, metrics }), log, gauge };
}

test.each([3600, -3600])(
  'a clock that is wrong by %d seconds is told once, and once it is right again',
  async (seconds) => {
    const { clock, log, gauge } = watch();

    for (const ahead of [0, seconds, seconds]) clock.look(dated(ahead));
    const [wrong, shown] = [clock.aheadMs(), await gauge()];
    clock.look(dated(0));

    expect(Math.abs((wrong ?? 0) - seconds * 1000)).toBeLessThan(5_000);
    expect(Math.abs((shown[0] ?? 0) - seconds)).toBeLessThan(5);
    expect(log.error).toHaveBeenCalledOnce();
    expect(log.info).toHaveBeenCalledOnce();
  },
);

test.each([undefined, 'yesterday'])('an answer with the date %s says nothing of the clock', (date) => {
  const { clock, log } = watch();
  clock.look(dated(3600));

  clock.look(date);

  expect(clock.aheadMs()).toBeGreaterThan(3_000_000);
  expect(log.info).not.toHaveBeenCalled();
});

test('nothing is known of the clock before the first answer', () => {
  expect(watch().clock.aheadMs()).toBeNull();
});

test('a clock that is set after the last answer is known to be wrong without another', () => {
  const { clock } = watch();
  clock.look(dated(0));

  const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
  onTestFinished(() => now.mockRestore());

  expect(clock.aheadMs()).toBeGreaterThan(3_500_000);
});
