import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Does something over and over, with a pause between one round and the next, for as long as the process lives.
 * @param round never rejects; the signal is aborted when the rounds are to end
 * @returns what ends the rounds, once the one that runs is done
 */
export function startRounds(
  { firstAfterMs, everyMs }: { readonly firstAfterMs: number; readonly everyMs: number },
  round: (signal: AbortSignal) => Promise<void>,
): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  async function rounds(): Promise<void> {
    for (let waitMs = firstAfterMs; !signal.aborted; waitMs = everyMs) {
      await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await round(signal);
    }
  }
  const running = rounds();
  return async () => {
    stopping.abort();
    await running;
  };
}
