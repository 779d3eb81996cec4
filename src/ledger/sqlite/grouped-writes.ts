import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { CompiledQuery, type Kysely } from 'kysely';
import { LedgerError } from '../errors.ts';
import type { LedgerSchema } from '../schema.ts';
import { closedError, type LedgerTransaction, type Writes } from '../writes.ts';

/** Limits how long one commit keeps readers and other processes waiting. */
const MAX_IN_A_GROUP = 128;

/** The longest that work waits while another process holds the write lock. */
const BUSY_MS = 5_000;
const RETRY_MS = 20;

interface Waiting {
  /** `performance.now()` when it was asked for. */
  readonly askedAt: number;
  /** Does the work, and returns a function that reports the outcome to whoever asked for it. */
  readonly work: (transaction: LedgerTransaction) => Promise<() => void>;
  readonly reject: (reason: unknown) => void;
}

/**
 * Does one piece of work at a time, in order of arrival, and flushes the disk once for everything that waited together:
 * it shares one transaction, with a savepoint for each piece if there are several. None resolves before the commit.
 * @param check throws if nothing may be written
 */
export function createGroupedWrites(db: Kysely<LedgerSchema>, check: () => void): Writes {
  const waiting: Waiting[] = [];
  let committing: Promise<void> | null = null;
  let closed = false;

  async function commitAll(): Promise<void> {
    while (waiting.length > 0) {
      // Lets every request that has arrived by now ask for its write: otherwise those would wait for this commit.
      await setImmediate();
      await commit(db, waiting.splice(0, MAX_IN_A_GROUP), check);
    }
    committing = null;
  }

  return {
    run: (work) =>
      new Promise((resolve, reject) => {
        if (closed) throw closedError();
        waiting.push({
          askedAt: performance.now(),
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

async function commit(db: Kysely<LedgerSchema>, group: readonly Waiting[], check: () => void): Promise<void> {
  try {
    check();
    for (const answer of await transact(db, group)) answer();
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}

/**
 * Waits for the write lock without blocking the thread: SQLite's own waiting would hold up everything else in the
 * process. Reads go on in between.
 */
async function transact(
  db: Kysely<LedgerSchema>,
  group: readonly Waiting[],
): Promise<readonly (() => void)[]> {
  const giveUpAt = Math.min(...group.map(({ askedAt }) => askedAt)) + BUSY_MS;
  for (;;) {
    let begun = false;
    try {
      return await db.transaction().execute((transaction) => {
        begun = true;
        return inTurn(transaction, group);
      });
    } catch (error) {
      const isLocked = !begun && error instanceof LedgerError && error.kind === 'busy';
      if (!isLocked || performance.now() >= giveUpAt) throw error;
    }
    await sleep(RETRY_MS);
  }
}

/** @throws if the transaction as a whole is lost, as it is if its only piece of work fails */
async function inTurn(
  transaction: LedgerTransaction,
  group: readonly Waiting[],
): Promise<readonly (() => void)[]> {
  const [first, ...others] = group;
  if (first !== undefined && others.length === 0) return [await first.work(transaction)];
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
