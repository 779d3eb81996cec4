import { LedgerError } from './errors.ts';

/** Runs one piece of work at a time, in the order in which they came. */
export interface WriteQueue {
  /** What `work` came to. One that fails does not keep the next from running. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Takes no more work, and resolves once all that was taken has ended. */
  close(): Promise<void>;
}

export function createWriteQueue(): WriteQueue {
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;
  return {
    run(work) {
      if (closed) return Promise.reject(closedError());
      const done = last.then(work);
      // Whoever asked for the work hears of its failure; the queue only needs to know that it is over.
      last = done.catch(() => undefined);
      return done;
    },
    async close() {
      closed = true;
      await last;
    },
  };
}

function closedError(): LedgerError {
  return new LedgerError(
    'closed',
    'The ledger is closed.',
    'Nothing was written: the guardrail is stopping.',
  );
}
