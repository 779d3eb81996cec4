import { withinMs } from '../../foundation/waiting/within.ts';
import { databaseFails, LedgerError } from '../../ledger/errors.ts';

/** How long a ledger that has just failed is not asked again. */
const OPEN_FOR_MS = 1_000;

export interface BreakerOptions {
  /** How long a query waits for the ledger. */
  readonly timeoutMs: number;
  /** Called when the ledger fails, and when it is back. */
  readonly onState: (state: 'up' | 'down', error?: unknown) => void;
}

/** A circuit breaker: while the ledger fails, queries do not each wait for it in turn. */
export interface Breaker {
  /**
   * Asks the ledger, unless it has just failed, and waits no longer than a query may.
   * @param onLate called with the pending request once nobody waits for it any more; without it, the outcome is ignored
   * @throws LedgerError if the ledger is not asked or does not answer in time; whatever `work` throws
   */
  call<T>(work: () => Promise<T>, onLate?: (pending: Promise<T>) => void): Promise<T>;
  /**
   * Asks the ledger even if it has just failed, waits as long as it takes, and learns from the outcome whether the
   * ledger is up.
   */
  observe<T>(work: () => Promise<T>): Promise<T>;
  /** To be called when the ledger answered, whoever asked. */
  recordSuccess(): void;
  /** To be called when the ledger failed, whoever asked. */
  recordFailure(error: unknown): void;
  /** Why the ledger last failed; null while it is up. */
  failure(): unknown;
}

export function createBreaker({ timeoutMs, onState }: BreakerOptions): Breaker {
  let openUntil = 0;
  let currentFailure: { readonly why: unknown } | null = null;

  function recordFailure(error: unknown): void {
    openUntil = performance.now() + OPEN_FOR_MS;
    if (currentFailure === null) onState('down', error);
    currentFailure = { why: error };
  }

  function recordSuccess(): void {
    if (currentFailure === null) return;
    currentFailure = null;
    openUntil = 0;
    onState('up');
  }

  /** An error that does not come from the database says nothing about it. */
  function rethrow(error: unknown): never {
    if (databaseFails(error)) recordFailure(error);
    throw error;
  }

  async function call<T>(work: () => Promise<T>, onLate: (pending: Promise<T>) => void = ignore): Promise<T> {
    if (performance.now() < openUntil) throw unavailable('has just failed');
    const pending = work();
    const first = await withinMs(pending, timeoutMs).catch(rethrow);
    if (first === null) {
      onLate(pending);
      return rethrow(unavailable(`has not answered within ${timeoutMs} ms`));
    }
    recordSuccess();
    return first.value;
  }

  async function observe<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      recordSuccess();
      return result;
    } catch (error) {
      return rethrow(error);
    }
  }

  return { call, observe, recordSuccess, recordFailure, failure: () => currentFailure?.why ?? null };
}

function ignore(pending: Promise<unknown>): void {
  pending.catch(() => undefined);
}

function unavailable(what: string): LedgerError {
  return new LedgerError(
    'unreachable',
    `The ledger ${what}.`,
    'Look at the database, and at the network to it.',
  );
}

/** Resolves to what was asked for, or to the stand-in if the database fails. Other errors are thrown. */
export async function fallBackIfDatabaseFails<T>(
  pending: Promise<T>,
  fallback: () => Promise<T>,
): Promise<T> {
  try {
    return await pending;
  } catch (error) {
    if (!databaseFails(error)) throw error;
    return fallback();
  }
}
