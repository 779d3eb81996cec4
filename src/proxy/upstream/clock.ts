import type { Logger } from 'pino';
import type { Metrics } from '../../metrics/metrics.ts';

/** With a clock this far off, a job could be missed when it is looked for by the time of its decision. */
const FAR_OFF_MS = 60_000;

/** How this machine's clock compares with the warehouse's. */
export interface ClockWatch {
  /** To be called with the `date` of an answer that has just come. */
  look(date: string | undefined): void;
  /**
   * How far the clock is ahead by the last answer, negative if it is behind. It may have been set since then, which
   * counts. Null as long as there was no answer.
   */
  aheadMs(): number | null;
}

/**
 * Compares this machine's clock with the warehouse's, which dates each of its answers to the second, and logs when it is
 * found to be wrong, and right again.
 */
export function createClockWatch({
  log,
  metrics,
}: {
  readonly log: Pick<Logger, 'error' | 'info'>;
  readonly metrics: Pick<Metrics, 'clockAhead'>;
}): ClockWatch {
  /** The warehouse's clock, minus one of this machine that nobody can set. */
  let offsetMs: number | null = null;
  let isFarOff = false;

  function tell(aheadMs: number): void {
    const seconds = Math.round(aheadMs / 1000);
    if (isFarOff) log.error({ aheadSeconds: seconds }, "this machine's clock is wrong by the warehouse's");
    else log.info({ aheadSeconds: seconds }, "this machine's clock is right again");
  }

  return {
    look(date) {
      const atMs = Date.parse(date ?? '');
      if (Number.isNaN(atMs)) return;
      offsetMs = atMs - performance.now();
      const aheadMs = Date.now() - atMs;
      metrics.clockAhead.set(aheadMs / 1000);
      if (isFarOff === Math.abs(aheadMs) >= FAR_OFF_MS) return;
      isFarOff = !isFarOff;
      tell(aheadMs);
    },
    aheadMs: () => (offsetMs === null ? null : Date.now() - (performance.now() + offsetMs)),
  };
}
