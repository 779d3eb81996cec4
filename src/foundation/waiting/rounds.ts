import { setTimeout as sleep } from 'node:timers/promises';

export interface RoundsOptions {
  /** With 0 the first round begins at once. */
  readonly firstAfterMs: number;
  /** From the end of one round to the start of the next. */
  readonly everyMs: number;
  /**
   * Called when a round failed; the next one comes all the same. If this throws, the process ends: nobody else would
   * learn of it.
   */
  onError(error: unknown): void;
}

/**
 * Repeats something, one round after the other however long one takes, until it is ended. Does not keep the process
 * alive.
 * @param round must break off when the signal is aborted; an error after that is ignored
 * @returns what ends the rounds, once the current one is done
 */
export function startRounds(
  options: RoundsOptions,
  round: (signal: AbortSignal) => Promise<void>,
): () => Promise<void> {
  const stopping = new AbortController();
  const running = runRounds(options, round, stopping.signal);
  return async () => {
    stopping.abort();
    await running;
  };
}

async function runRounds(
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
