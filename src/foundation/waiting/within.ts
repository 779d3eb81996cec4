import { startTimeLimit } from './time-limit.ts';

/**
 * The result of a promise in time; null if it takes longer, in which case it still goes on. A timer of its own keeps no
 * process alive, and costs far less than an `AbortSignal` for each query would.
 * @throws whatever it rejects with in time
 */
export function withinMs<T>(promise: Promise<T>, ms: number): Promise<{ readonly value: T } | null> {
  return new Promise((resolve, reject) => {
    const limit = startTimeLimit(ms, () => resolve(null), { keepsAlive: false });
    promise.then(
      (value) => {
        limit.cancel();
        resolve({ value });
      },
      (error: unknown) => {
        limit.cancel();
        reject(error);
      },
    );
  });
}
