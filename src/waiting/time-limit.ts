/** A running time limit. */
export interface TimeLimit {
  /** Ends it: what it was for has come. */
  end(): void;
}

/**
 * Calls back once this much time has passed, but not before everything that has come by then was processed. A process
 * that stood still, because it was suspended or busy, runs its timers first: what arrived meanwhile would look late.
 * @param keepsAlive whether the limit keeps this process alive
 */
export function startTimeLimit(
  ms: number,
  onOver: () => void,
  { keepsAlive }: { readonly keepsAlive: boolean },
): TimeLimit {
  let hearing: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    hearing = setImmediate(onOver);
  }, ms);
  if (!keepsAlive) timer.unref();
  return {
    end() {
      clearTimeout(timer);
      clearImmediate(hearing);
    },
  };
}
