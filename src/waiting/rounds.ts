import { setTimeout as sleep } from 'node:timers/promises';

export interface RoundsOptions {
  /** With 0 the first round begins at once. */
  readonly firstAfterMs: number;
  /** From the end of one round to the begin of the next. */
  readonly everyMs: number;
  /** Told why a round failed; the next one comes all the same. What this throws ends the process: nobody else is told. */
  onError(error: unknown): void;
}

/**
 * Does something over and over, one round after the other however long one takes, until it is ended. Keeps no process
 * alive.
 * @param round is to break off where the signal is aborted; what it fails with then is not told
 * @returns what ends the rounds, once the one that runs is done
 */
export function startRounds(
  options: RoundsOptions,
  round: (signal: AbortSignal) => Promise<void>,
): () => Promise<void> {
  const stopping = new AbortController();
  const running = keepGoing(options, round, stopping.signal);
  return async () => {
    stopping.abort();
    await running;
  };
}

async function keepGoing(
  { firstAfterMs, everyMs, onError }: RoundsOptions,
  round: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (let waitMs = firstAfterMs; ; waitMs = everyMs) {
    if (waitMs > 0) await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await round(signal);
    } catch (error) {
      if (!signal.aborted) onError(error);
    }
  }
}
