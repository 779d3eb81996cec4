import { BudgetError } from '../budget/errors.ts';
import { databaseFails } from '../ledger/errors.ts';
import type { Books } from './books.ts';
import type { Breaker } from './breaker.ts';
import type { Entry } from './entries.ts';
import type { Spool } from './spool.ts';

interface CatchingUp {
  readonly books: Books;
  readonly spool: Spool;
  /** Told how the ledger takes it. */
  readonly breaker: Breaker;
  /** Told of an entry that the books do not take: it is left out. */
  readonly onRejected: (entry: Entry, error: unknown) => void;
}

/**
 * Enters in the books what waits in the spool, one time after another, however often it is called. It rejects where the
 * spool itself fails, which says nothing of the ledger.
 */
export function catchingUp({ books, spool, breaker, onRejected }: CatchingUp): () => Promise<void> {
  let underWay: Promise<void> | null = null;

  async function enterOrReject(entry: Entry): Promise<void> {
    try {
      await enterIn(books, entry);
    } catch (error) {
      if (databaseFails(error)) throw error;
      if (!isEntered(error)) onRejected(entry, error);
    }
  }

  function ledgerFailed(error: unknown): void {
    if (!databaseFails(error)) throw error;
    breaker.failed(error);
  }

  return () => {
    if (spool.size === 0) return Promise.resolve();
    underWay ??= spool
      .drain(enterOrReject)
      .then(breaker.answered, ledgerFailed)
      .finally(() => {
        underWay = null;
      });
    return underWay;
  };
}

async function enterIn(books: Books, entry: Entry): Promise<void> {
  if (entry.kind === 'admission') await books.admit(entry);
  else if (entry.kind === 'decision') await books.record(entry.decision);
  else await books.settle(entry.settlement);
}

/** Whether it was entered before this process, or the one before it, was interrupted. */
function isEntered(error: unknown): boolean {
  return error instanceof BudgetError && error.kind === 'reserved otherwise';
}
