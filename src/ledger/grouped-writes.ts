import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { CompiledQuery, type Kysely } from 'kysely';
import { LedgerError } from './errors.ts';
import type { LedgerSchema } from './schema.ts';
import { closedError, type LedgerTransaction, type Writes } from './writes.ts';

/** Bounds how long one commit keeps readers and other processes waiting. */
const MOST_IN_A_GROUP = 128;

/** How long work waits at the most while another process holds the write lock. */
const BUSY_MS = 5_000;
const RETRY_MS = 20;

interface Waiting {
  /** `performance.now()` when it was asked for. */
  readonly askedAt: number;
  /** Does the work, and returns how to tell whoever asked for it what it came to. */
  readonly work: (transaction: LedgerTransaction) => Promise<() => void>;
  readonly reject: (reason: unknown) => void;
}

/**
 * Does one piece of work at a time, in the order in which they came, and flushes the disk once for all that waited
 * together: they share a transaction, each in a savepoint of its own where there are several. None resolves before the
 * commit.
 * @param check throws where nothing may be written
 */
export function createGroupedWrites(db: Kysely<LedgerSchema>, check: () => void): Writes {
  const waiting: Waiting[] = [];
  let committing: Promise<void> | null = null;
  let closed = false;

  async function commitAll(): Promise<void> {
    while (waiting.length > 0) {
      // Lets every request that has arrived by now ask for its write: they would wait for this commit else.
      await setImmediate();
      await commit(db, waiting.splice(0, MOST_IN_A_GROUP), check);
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
 * Waits for the write lock off the thread: SQLite itself would hold up everything else that the process does. Reads go
 * on in between.
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

/** @throws where the transaction as a whole is lost, which it is with its only piece of work */
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
