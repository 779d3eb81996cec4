import { setImmediate as nextTurn } from 'node:timers/promises';
import { LedgerError, type LedgerErrorKind } from './errors.ts';

/** Gathers what is asked for while the batch before is being written, and writes it together. */
export interface Batches<Item, Outcome> {
  /** What became of the item, once its batch is durable. */
  add(item: Item): Promise<Outcome>;
  /** Resolves once everything that was added has ended. */
  drained(): Promise<void>;
}

/** What became of one item of a batch. */
export type ItemOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown };

/** Whether the database itself fails, and not what it was asked to do. */
export function databaseFails(error: unknown): boolean {
  return error instanceof LedgerError && DATABASE_FAILS.has(error.kind);
}

/** The database itself fails: to try each item alone would fail as often as there are items. */
const DATABASE_FAILS: ReadonlySet<LedgerErrorKind> = new Set([
  'busy',
  'closed',
  'full',
  'not a ledger',
  'unreachable',
  'unwritable',
]);

/**
 * One batch is written at a time, and whatever comes meanwhile makes the next: nobody waits for a batch to fill, and
 * the busier the ledger, the larger its batches.
 * @param write one transaction over all items; it may fail as a whole, and then each item is tried alone, so that one
 * that cannot be written does not keep the others from being
 * @param most items in one batch
 */
export function createBatches<Item, Outcome>(
  write: (items: readonly Item[]) => Promise<readonly ItemOutcome<Outcome>[]>,
  most: number,
): Batches<Item, Outcome> {
  const waiting: { readonly item: Item; readonly settle: (outcome: ItemOutcome<Outcome>) => void }[] = [];
  let writing: Promise<void> | null = null;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      // SQLite works on this thread: without a turn of the event loop, nothing else could come in and join the batch.
      await nextTurn();
      const batch = waiting.splice(0, most);
      const outcomes = await outcomesOf(batch.map(({ item }) => item));
      for (const [i, { settle }] of batch.entries()) settle(outcomes[i] ?? missing());
    }
    writing = null;
  }

  async function outcomesOf(items: readonly Item[]): Promise<readonly ItemOutcome<Outcome>[]> {
    try {
      return await write(items);
    } catch (error) {
      if (!databaseFails(error)) return eachAlone(items);
      // What waits would wait for nothing but the same failure.
      for (const { settle } of waiting.splice(0)) settle({ ok: false, error });
      return items.map(() => ({ ok: false, error }));
    }
  }

  /** One that was alone already is tried once more: another replica may have written what it has to go by. */
  async function eachAlone(items: readonly Item[]): Promise<readonly ItemOutcome<Outcome>[]> {
    const outcomes: ItemOutcome<Outcome>[] = [];
    for (const item of items) {
      try {
        outcomes.push(...(await write([item])));
      } catch (error) {
        outcomes.push({ ok: false, error });
      }
    }
    return outcomes;
  }

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        const settle = (outcome: ItemOutcome<Outcome>) =>
          outcome.ok ? resolve(outcome.value) : reject(outcome.error);
        waiting.push({ item, settle });
        writing ??= writeAll();
      }),
    async drained() {
      await writing;
    },
  };
}

function missing(): { readonly ok: false; readonly error: unknown } {
  return { ok: false, error: new Error('unreachable: a batch has an outcome for each of its items') };
}
