/** A limit that runs. */
export interface TimeLimit {
  /** It is over no more: what it was for has come. */
  end(): void;
}

/**
 * Tells once so much time has passed, and not before what has come by then was heard. A process that stood still, as
 * one that was stopped or had much to do, hears of its timers first: what came meanwhile would be taken for late.
 * @param keepsAlive whether this process goes on for as long as the limit runs
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
