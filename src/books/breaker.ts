import { databaseFails, LedgerError } from '../ledger/errors.ts';
import { withinMs } from '../waiting/within.ts';

/** How long a ledger that has just failed is not asked again. */
const REST_MS = 1_000;

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
  ask<T>(work: () => Promise<T>, onLate?: (asked: Promise<T>) => void): Promise<T>;
  /**
   * Asks the ledger even if it has just failed, waits as long as it takes, and learns from the outcome whether the
   * ledger is up.
   */
  observe<T>(work: () => Promise<T>): Promise<T>;
  /** To be called when the ledger answered, whoever asked. */
  answered(): void;
  /** To be called when the ledger failed, whoever asked. */
  failed(error: unknown): void;
  /** Why the ledger last failed; null while it is up. */
  failure(): unknown;
}

export function createBreaker({ timeoutMs, onState }: BreakerOptions): Breaker {
  let restsUntil = 0;
  let down: { readonly why: unknown } | null = null;

  function failed(error: unknown): void {
    restsUntil = performance.now() + REST_MS;
    if (down === null) onState('down', error);
    down = { why: error };
  }

  function answered(): void {
    if (down === null) return;
    down = null;
    restsUntil = 0;
    onState('up');
  }

  /** An error that does not come from the database says nothing about it. */
  function rethrow(error: unknown): never {
    if (databaseFails(error)) failed(error);
    throw error;
  }

  async function ask<T>(work: () => Promise<T>, onLate: (asked: Promise<T>) => void = ignore): Promise<T> {
    if (performance.now() < restsUntil) throw unavailable('has just failed');
    const asked = work();
    const first = await withinMs(asked, timeoutMs).catch(rethrow);
    if (first === null) {
      onLate(asked);
      return rethrow(unavailable(`has not answered within ${timeoutMs} ms`));
    }
    answered();
    return first.value;
  }

  async function observe<T>(work: () => Promise<T>): Promise<T> {
    try {
      const done = await work();
      answered();
      return done;
    } catch (error) {
      return rethrow(error);
    }
  }

  return { ask, observe, answered, failed, failure: () => down?.why ?? null };
}

function ignore(asked: Promise<unknown>): void {
  asked.catch(() => undefined);
}

function unavailable(what: string): LedgerError {
  return new LedgerError(
    'unreachable',
    `The ledger ${what}.`,
    'Look at the database, and at the network to it.',
  );
}

/** Resolves to what was asked for, or to the stand-in if the database fails. Other errors are thrown. */
export async function fallBackIfDatabaseFails<T>(asked: Promise<T>, standIn: () => Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!databaseFails(error)) throw error;
    return standIn();
  }
}
