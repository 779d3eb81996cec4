import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BatchEvents, type ItemOutcome, writeByHalves } from './batch.ts';

/** Collects what comes in while the previous batch is being written, and writes it together. */
export interface Batches<Item, Outcome> {
  /** The outcome of the item, once its batch is durable. */
  add(item: Item): Promise<Outcome>;
  /**
   * The same for an item that nobody waits for. It does not start a batch by itself: it is written with the next item
   * that somebody waits for, or after `patienceMs`.
   */
  addUnawaited(item: Item): Promise<Outcome>;
  /** Resolves once everything that was added has ended. */
  drained(): Promise<void>;
}

/** What to write, and how much of it at once. */
export interface BatchesOptions<Item, Outcome> {
  /**
   * One transaction over all items. It may fail as a whole: then each half is tried, down to single items, so that one
   * that cannot be written does not stop the others.
   */
  readonly write: (items: readonly Item[]) => Promise<readonly ItemOutcome<Outcome>[]>;
  /** What an item is about: a batch holds one item about each, and the next batch sees what it has written. */
  readonly keyOf: (item: Item) => string;
  /** The most items in a batch. */
  readonly most: number;
  /** How long items that nobody waits for wait for others. */
  readonly patienceMs: number;
  /** Called once for each batch that failed as a whole and is written in halves, which takes several times as long. */
  readonly onSplit: BatchEvents['onSplit'];
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly isAwaited: boolean;
  readonly settle: (outcome: ItemOutcome<Outcome>) => void;
}

/**
 * One batch is written at a time, and whatever comes meanwhile makes the next. So nobody waits for a batch to fill, and
 * the busier the ledger, the larger its batches.
 */
export function createBatches<Item, Outcome>({
  write,
  keyOf,
  most,
  patienceMs,
  onSplit,
}: BatchesOptions<Item, Outcome>): Batches<Item, Outcome> {
  const waiting: Waiting<Item, Outcome>[] = [];
  const pause = createPause(patienceMs);
  let writing: Promise<void> | null = null;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      if (waiting.length < most && !waiting.some(({ isAwaited }) => isAwaited)) await pause.wait();
      // SQLite works on this thread: without a turn of the event loop, nothing else could come in and join the batch.
      await nextTurn();
      const batch = waiting.splice(0, batchLength(waiting, keyOf, most));
      const items = batch.map(({ item }) => item);
      const outcomes = await writeByHalves(items, write, { onDatabaseFailure: failAll, onSplit });
      for (const [i, { settle }] of batch.entries()) settle(outcomes[i] ?? missing());
    }
    writing = null;
  }

  /** Anything that waits would only meet the same failure. */
  function failAll(error: unknown): void {
    for (const { settle } of waiting.splice(0)) settle({ ok: false, error });
  }

  function join(item: Item, { isAwaited }: { readonly isAwaited: boolean }): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: ItemOutcome<Outcome>) =>
        outcome.ok ? resolve(outcome.value) : reject(outcome.error);
      waiting.push({ item, isAwaited, settle });
      if (isAwaited || waiting.length >= most) pause.end();
      writing ??= writeAll();
    });
  }

  return {
    add: (item) => join(item, { isAwaited: true }),
    addUnawaited: (item) => join(item, { isAwaited: false }),
    async drained() {
      pause.end();
      await writing;
    },
  };
}

/** How many of the first make a batch: up to `most`, and up to one about the same thing as another before it. */
function batchLength<Item>(
  waiting: readonly { readonly item: Item }[],
  keyOf: (item: Item) => string,
  most: number,
): number {
  const keys = new Set<string>();
  for (const { item } of waiting) {
    const key = keyOf(item);
    if (keys.size === most || keys.has(key)) break;
    keys.add(key);
  }
  return keys.size;
}

/** A wait for items that somebody waits for: it ends when one comes, or when the patience is over. */
function createPause(patienceMs: number) {
  let end: () => void = () => undefined;
  return {
    wait: () =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patienceMs);
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    end: () => end(),
  };
}

function missing(): { readonly ok: false; readonly error: unknown } {
  return { ok: false, error: new Error('unreachable: a batch has an outcome for each of its items') };
}
