import { databaseFails } from './errors.ts';

/** The outcome of one item of a batch. */
export type ItemOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown };

/** What may happen to a batch besides being written at once. */
export interface BatchEvents {
  /** Called if the database itself fails: nothing of the rest is tried then. */
  onDatabaseFailure(error: unknown): void;
  /** Called once if the whole batch failed for another reason, and is therefore written in halves. */
  onSplit(error: unknown, items: number): void;
}

/**
 * Writes a batch as a whole or, if that fails, each half, down to single items, so that one that cannot be written does
 * not stop the others. A single item is tried once more: another replica may have written what it depends on. Never
 * rejects.
 * @returns the outcome of each item, in order
 */
export async function writeByHalves<Item, Outcome>(
  items: readonly Item[],
  write: (items: readonly Item[]) => Promise<readonly ItemOutcome<Outcome>[]>,
  { onDatabaseFailure, onSplit }: BatchEvents,
  attempt: 'first' | 'second' = 'first',
): Promise<readonly ItemOutcome<Outcome>[]> {
  // A half that is split again belongs to the same split.
  const events: BatchEvents = { onDatabaseFailure, onSplit: () => undefined };
  try {
    return await write(items);
  } catch (error) {
    if (databaseFails(error)) {
      onDatabaseFailure(error);
      return items.map(() => ({ ok: false, error }));
    }
    if (attempt === 'second') return [{ ok: false, error }];
    if (items.length === 1) return writeByHalves(items, write, events, 'second');
    onSplit(error, items.length);
  }
  const middle = Math.ceil(items.length / 2);
  const first = await writeByHalves(items.slice(0, middle), write, events);
  return [...first, ...(await writeByHalves(items.slice(middle), write, events))];
}
