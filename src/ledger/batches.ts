import { setImmediate as nextTurn } from 'node:timers/promises';
import { type ItemOutcome, writeByHalves } from './batch.ts';

/** Gathers what is asked for while the batch before is being written, and writes it together. */
export interface Batches<Item, Outcome> {
  /** What became of the item, once its batch is durable. */
  add(item: Item): Promise<Outcome>;
  /**
   * The same of an item that nobody waits for. By itself it makes no batch at once: it is written with the next item
   * that somebody waits for, or after `patienceMs`.
   */
  addUnawaited(item: Item): Promise<Outcome>;
  /** Resolves once everything that was added has ended. */
  drained(): Promise<void>;
}

export interface BatchesOptions<Item, Outcome> {
  /**
   * One transaction over all items. It may fail as a whole: then each half is tried, down to single items, so that one
   * that cannot be written does not keep the others from being.
   */
  readonly write: (items: readonly Item[]) => Promise<readonly ItemOutcome<Outcome>[]>;
  /** What an item is about: a batch holds one about each, and the next finds what that has written. */
  readonly keyOf: (item: Item) => string;
  /** Items in one batch. */
  readonly most: number;
  /** How long items that nobody waits for wait for company. */
  readonly patienceMs: number;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly isAwaited: boolean;
  readonly settle: (outcome: ItemOutcome<Outcome>) => void;
}

/**
 * One batch is written at a time, and whatever comes meanwhile makes the next: nobody who waits waits for a batch to
 * fill, and the busier the ledger, the larger its batches.
 */
export function createBatches<Item, Outcome>({
  write,
  keyOf,
  most,
  patienceMs,
}: BatchesOptions<Item, Outcome>): Batches<Item, Outcome> {
  const waiting: Waiting<Item, Outcome>[] = [];
  let writing: Promise<void> | null = null;
  /** Ends the wait for company. */
  let hurry: () => void = () => undefined;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      if (waiting.length < most && !waiting.some(({ isAwaited }) => isAwaited)) await company();
      // SQLite works on this thread: without a turn of the event loop, nothing else could come in and join the batch.
      await nextTurn();
      const batch = nextBatch();
      const items = batch.map(({ item }) => item);
      const outcomes = await writeByHalves(items, write, failAll);
      for (const [i, { settle }] of batch.entries()) settle(outcomes[i] ?? missing());
    }
    writing = null;
  }

  /** Resolves once an item comes that somebody waits for, or nobody shall wait any longer. */
  function company(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** The first that wait, up to one that is about the same as another. */
  function nextBatch() {
    const keys = new Set<string>();
    for (const { item } of waiting) {
      const key = keyOf(item);
      if (keys.size === most || keys.has(key)) break;
      keys.add(key);
    }
    return waiting.splice(0, keys.size);
  }

  /** What waits would wait for nothing but the same failure. */
  function failAll(error: unknown): void {
    for (const { settle } of waiting.splice(0)) settle({ ok: false, error });
  }

  function join(item: Item, isAwaited: boolean): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: ItemOutcome<Outcome>) =>
        outcome.ok ? resolve(outcome.value) : reject(outcome.error);
      waiting.push({ item, isAwaited, settle });
      if (isAwaited || waiting.length >= most) hurry();
      writing ??= writeAll();
    });
  }

  return {
    add: (item) => join(item, true),
    addUnawaited: (item) => join(item, false),
    async drained() {
      hurry();
      await writing;
    },
  };
}

function missing(): { readonly ok: false; readonly error: unknown } {
  return { ok: false, error: new Error('unreachable: a batch has an outcome for each of its items') };
}
