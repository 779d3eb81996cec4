import { databaseFails } from './errors.ts';

/** The outcome of one item of a batch. */
export type ItemOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown };

/**
 * Writes a batch as a whole or, if that fails, each half, down to single items, so that one that cannot be written does
 * not stop the others. A single item is tried once more: another replica may have written what it depends on. Never
 * rejects.
 * @param onDatabaseFailure called if the database itself fails: nothing of the rest is tried then
 * @returns the outcome of each item, in order
 */
export async function writeByHalves<Item, Outcome>(
  items: readonly Item[],
  write: (items: readonly Item[]) => Promise<readonly ItemOutcome<Outcome>[]>,
  onDatabaseFailure: (error: unknown) => void,
  attempt: 'first' | 'second' = 'first',
): Promise<readonly ItemOutcome<Outcome>[]> {
  try {
    return await write(items);
  } catch (error) {
    if (databaseFails(error)) {
      onDatabaseFailure(error);
      return items.map(() => ({ ok: false, error }));
    }
    if (attempt === 'second') return [{ ok: false, error }];
    if (items.length === 1) return writeByHalves(items, write, onDatabaseFailure, 'second');
  }
  const middle = Math.ceil(items.length / 2);
  const first = await writeByHalves(items.slice(0, middle), write, onDatabaseFailure);
  return [...first, ...(await writeByHalves(items.slice(middle), write, onDatabaseFailure))];
}
