import type { Transaction } from 'kysely';
import { LedgerError } from './errors.ts';
import type { LedgerSchema } from './schema.ts';

/** Reads and writes in one transaction. */
export type LedgerTransaction = Transaction<LedgerSchema>;

/** Pieces of work, each done completely or not at all. */
export interface Writes {
  /** The result of `work`, once it is durable. A failing piece does not stop the others. */
  run<T>(work: (transaction: LedgerTransaction) => Promise<T>): Promise<T>;
  /** Accepts no more work, and resolves once all accepted work has ended. */
  close(): Promise<void>;
}

/** The error for a write after the end. */
export function closedError(): LedgerError {
  return new LedgerError('closed', 'The ledger is closed.', 'Nothing was written: guardrail is stopping.');
}
