import { BudgetError } from '../../budget/errors.ts';
import { databaseFails } from '../../ledger/errors.ts';
import type { Books } from '../books.ts';
import type { Entry } from '../entries.ts';
import type { Breaker } from './breaker.ts';
import type { Damage, Spool } from './spool.ts';

interface CatchUpParts {
  readonly books: Books;
  readonly spool: Spool;
  /** Learns how the ledger takes the entries. */
  readonly breaker: Breaker;
  /** Called with an entry that the books reject; it is skipped. */
  readonly onRejected: (entry: Entry, error: unknown) => void;
  /** Called with what in the spool cannot be read; it is kept. */
  readonly onDamaged: (damage: Damage) => void;
}

/**
 * Makes a function that enters what waits in the spool. However often it is called, only one run goes on at a time. It
 * rejects if the spool itself fails, which says nothing about the ledger.
 */
export function createCatchUp({
  books,
  spool,
  breaker,
  onRejected,
  onDamaged,
}: CatchUpParts): () => Promise<void> {
  let running: Promise<void> | null = null;

  async function enterOrReject(entry: Entry): Promise<void> {
    try {
      await enterInBooks(books, entry);
    } catch (error) {
      if (databaseFails(error)) throw error;
      if (!isAlreadyEntered(error)) onRejected(entry, error);
    }
  }

  function ledgerFailed(error: unknown): void {
    if (!databaseFails(error)) throw error;
    breaker.recordFailure(error);
  }

  return () => {
    if (spool.size === 0) return Promise.resolve();
    running ??= spool
      .drain(enterOrReject, onDamaged)
      .then(breaker.recordSuccess, ledgerFailed)
      .finally(() => {
        running = null;
      });
    return running;
  };
}

async function enterInBooks(books: Books, entry: Entry): Promise<void> {
  if (entry.kind === 'admission') await books.admit(entry);
  else if (entry.kind === 'decision') await books.record(entry.decision);
  else await books.settle(entry.settlement);
}

/** Whether it was entered before this process, or an earlier one, was interrupted. */
function isAlreadyEntered(error: unknown): boolean {
  return error instanceof BudgetError && error.kind === 'reserved otherwise';
}
