import { setImmediate } from 'node:timers/promises';
import { CompiledQuery, type Kysely } from 'kysely';
import type { LedgerSchema } from './schema.ts';
import { closedError, type LedgerTransaction, type Writes } from './writes.ts';

/** Bounds how long one commit keeps readers and other processes waiting. */
const MAX_GROUP = 128;

interface Waiting {
  /** Does the work, and returns how to tell whoever asked for it what it came to. */
  readonly work: (transaction: LedgerTransaction) => Promise<() => void>;
  readonly reject: (reason: unknown) => void;
}

/**
 * Does one piece of work at a time, in the order in which they came, and flushes the disk once for all that waited
 * together: they share a transaction, each in a savepoint of its own. None resolves before the commit.
 */
export function createGroupedWrites(db: Kysely<LedgerSchema>): Writes {
  const waiting: Waiting[] = [];
  let committing: Promise<void> | null = null;
  let closed = false;

  async function commitAll(): Promise<void> {
    while (waiting.length > 0) {
      // Lets every request that has arrived by now ask for its write: they would wait for this commit else.
      await setImmediate();
      await commit(db, waiting.splice(0, MAX_GROUP));
    }
    committing = null;
  }

  return {
    run: (work) =>
      new Promise((resolve, reject) => {
        if (closed) throw closedError();
        waiting.push({
          async work(transaction) {
            const result = await work(transaction);
            return () => resolve(result);
          },
          reject,
        });
        committing ??= commitAll();
      }),
    async close() {
      closed = true;
      await committing;
    },
  };
}

async function commit(db: Kysely<LedgerSchema>, group: readonly Waiting[]): Promise<void> {
  try {
    const answers = await db.transaction().execute((transaction) => inTurn(transaction, group));
    for (const answer of answers) answer();
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}

/** @throws where the transaction as a whole is lost */
async function inTurn(
  transaction: LedgerTransaction,
  group: readonly Waiting[],
): Promise<readonly (() => void)[]> {
  const answers: (() => void)[] = [];
  for (const { work, reject } of group) {
    await transaction.executeQuery(CompiledQuery.raw('savepoint work'));
    try {
      answers.push(await work(transaction));
    } catch (error) {
      await transaction.executeQuery(CompiledQuery.raw('rollback to work'));
      reject(error);
    }
    await transaction.executeQuery(CompiledQuery.raw('release work'));
  }
  return answers;
}
