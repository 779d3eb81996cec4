/** A running time limit. */
export interface TimeLimit {
  /** Ends it: what it was for has come. */
  cancel(): void;
}

/**
 * Calls back once this much time has passed, but not before everything that has come by then was processed. A process
 * that stood still, because it was suspended or busy, runs its timers first: what arrived meanwhile would look late.
 * @param keepsAlive whether the limit keeps this process alive
 */
export function startTimeLimit(
  ms: number,
  onTimeout: () => void,
  { keepsAlive }: { readonly keepsAlive: boolean },
): TimeLimit {
  let immediate: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    immediate = setImmediate(onTimeout);
  }, ms);
  if (!keepsAlive) timer.unref();
  return {
    cancel() {
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}
