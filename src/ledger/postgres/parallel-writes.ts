import type { Kysely } from 'kysely';
import pRetry from 'p-retry';
import type { LedgerSchema } from '../schema.ts';
import { closedError, type LedgerTransaction, type Writes } from '../writes.ts';
import { isRolledBack } from './errors.ts';

/** Doubled each time, plus up to as much again at random, so that two that collided do not do so again. */
const RETRIES = { retries: 5, minTimeout: 10, factor: 2, maxTimeout: 200, randomize: true };

/**
 * Does pieces of work side by side, each in a transaction of its own. One that PostgreSQL rolled back so that another
 * could go on is done again.
 * @see https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html
 */
export function createParallelWrites(db: Kysely<LedgerSchema>): Writes {
  const running = new Set<Promise<unknown>>();
  let closed = false;
  return {
    async run(work) {
      if (closed) throw closedError();
      const done = pRetry(() => transact(db, work), {
        ...RETRIES,
        shouldRetry: ({ error }) => isRolledBack(error),
      });
      running.add(done);
      try {
        return await done;
      } finally {
        running.delete(done);
      }
    },
    async close() {
      closed = true;
      await Promise.allSettled(running);
    },
  };
}

function transact<T>(
  db: Kysely<LedgerSchema>,
  work: (transaction: LedgerTransaction) => Promise<T>,
): Promise<T> {
  return db.transaction().setIsolationLevel('read committed').execute(work);
}
