import { databaseFails, LedgerError } from '../ledger/errors.ts';
import { withinMs } from '../waiting/within.ts';

/** How long nobody waits for a ledger that has just failed. */
const REST_MS = 1_000;

export interface BreakerOptions {
  /** How long a query waits for the ledger. */
  readonly timeoutMs: number;
  /** Told when the ledger fails, and when it is back. */
  readonly onState: (state: 'up' | 'down', error?: unknown) => void;
}

/** A circuit breaker: it keeps queries from waiting, one after another, for a ledger that fails. */
export interface Breaker {
  /**
   * Asks the ledger, unless it has just failed, and not for longer than a query may wait.
   * @param onLate told as nobody waits any longer, of what was asked and has not come; where it is left out, what comes
   * of it is nobody's
   * @throws LedgerError where it is not asked, or does not answer in time; what `work` throws
   */
  ask<T>(work: () => Promise<T>, onLate?: (asked: Promise<T>) => void): Promise<T>;
  /** Asks it whatever it did before, for as long as that takes, and tells by it whether the ledger is up. */
  witness<T>(work: () => Promise<T>): Promise<T>;
  /** The ledger answered, whoever asked. */
  answered(): void;
  /** The ledger failed, whoever asked. */
  failed(error: unknown): void;
  /** Why the ledger failed last; null while it is up. */
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

  /** An error that is not of the database says nothing of it. */
  function thrown(error: unknown): never {
    if (databaseFails(error)) failed(error);
    throw error;
  }

  async function ask<T>(work: () => Promise<T>, onLate: (asked: Promise<T>) => void = ignore): Promise<T> {
    if (performance.now() < restsUntil) throw tooLate('has just failed');
    const asked = work();
    const first = await withinMs(asked, timeoutMs).catch(thrown);
    if (first === null) {
      onLate(asked);
      return thrown(tooLate(`has not answered within ${timeoutMs} ms`));
    }
    answered();
    return first.value;
  }

  async function witness<T>(work: () => Promise<T>): Promise<T> {
    try {
      const done = await work();
      answered();
      return done;
    } catch (error) {
      return thrown(error);
    }
  }

  return { ask, witness, answered, failed, failure: () => down?.why ?? null };
}

function ignore(asked: Promise<unknown>): void {
  asked.catch(() => undefined);
}

function tooLate(what: string): LedgerError {
  return new LedgerError(
    'unreachable',
    `The ledger ${what}.`,
    'Look at the database, and at the network to it.',
  );
}

/** What was asked for; where the database fails, and not what it was asked to do, what stands in for it. */
export async function orWhereDatabaseFails<T>(asked: Promise<T>, standIn: () => Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!databaseFails(error)) throw error;
    return standIn();
  }
}
