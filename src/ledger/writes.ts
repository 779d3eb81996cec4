import type { Transaction } from 'kysely';
import { LedgerError } from './errors.ts';
import type { LedgerSchema } from './schema.ts';

/** Reads and writes in one transaction. */
export type LedgerTransaction = Transaction<LedgerSchema>;

/** Pieces of work, each done wholly or not at all. */
export interface Writes {
  /** What `work` came to, once it is durable. One that fails keeps no other from being done. */
  run<T>(work: (transaction: LedgerTransaction) => Promise<T>): Promise<T>;
  /** Takes no more work, and resolves once all that was taken has ended. */
  close(): Promise<void>;
}

/** What is thrown at a write that comes after the end. */
export function closedError(): LedgerError {
  return new LedgerError(
    'closed',
    'The ledger is closed.',
    'Nothing was written: the guardrail is stopping.',
  );
}
