import type { LedgerReader, LedgerTransaction } from '../../ledger/ledger.ts';
import { enterInJournal } from '../journal/journal.ts';

/** What the journal says of a pruning, so that what is gone is told from what was taken away. */
export interface Pruning {
  readonly atMs: number;
  /** All decisions before this instant go, with their settlements. */
  readonly beforeMs: number;
  /** How many go by this pruning. */
  readonly decisions: number;
  readonly settlements: number;
}

/** Seals of some hundreds of entries at the most each. */
const SEALS_AT_ONCE = 20;

/**
 * Enters in the books that decisions before an instant are given up. From when this is durable on, entries that old
 * may be missing; so it comes before they are deleted, or in the same transaction.
 */
export async function enterPruning(db: LedgerTransaction, pruning: Pruning): Promise<void> {
  const row = {
    // One for each instant: a pruning that was interrupted and goes on is the same.
    id: `before ${pruning.beforeMs}`,
    at_ms: BigInt(pruning.atMs),
    before_ms: BigInt(pruning.beforeMs),
    decisions: BigInt(pruning.decisions),
    settlements: BigInt(pruning.settlements),
  };
  const inserted = await db
    .insertInto('prunings')
    .values(row)
    .onConflict((on) => on.doNothing())
    .returning('id')
    .execute();
  if (inserted.length > 0) await enterInJournal(db, [{ kind: 'pruning', row }]);
}

/**
 * Deletes the journal's rows of seals all of whose entries are pruned; the seals themselves stay. Rows of seals that
 * hold anything else stay too: what is left could not be checked without them. Call it once the decisions and
 * settlements are gone, from seal 0 on until it returns null.
 *
 * It goes through what the journal holds, so that what was deleted before costs nothing, and no further than seals
 * that were made before the instant. One made later, all of whose entries are pruned all the same, is found by a
 * pruning after that; nothing is passed over, whatever was interrupted.
 * @returns the seal to go on after; null where all was seen
 */
export async function deletePrunedFromJournal(
  db: LedgerTransaction,
  { afterSeal, beforeMs }: { readonly afterSeal: bigint; readonly beforeMs: bigint },
): Promise<bigint | null> {
  const held = await db
    .selectFrom('journal')
    .select('seal')
    .distinct()
    .where('seal', '>', afterSeal)
    .orderBy('seal')
    .limit(SEALS_AT_ONCE)
    .$narrowType<{ seal: bigint }>()
    .execute();
  const last = held.at(-1);
  if (last === undefined) return null;
  const seals = await db
    .selectFrom('seals')
    .select(['seal', 'at_ms', 'all_before_ms'])
    .where(
      'seal',
      'in',
      held.map(({ seal }) => seal),
    )
    .execute();
  const made = seals.filter(({ at_ms }) => at_ms < beforeMs);
  const over = made.filter(({ all_before_ms }) => all_before_ms !== null && all_before_ms <= beforeMs);
  if (over.length > 0) {
    await db
      .deleteFrom('journal')
      .where(
        'seal',
        'in',
        over.map(({ seal }) => seal),
      )
      .execute();
  }
  return made.length < seals.length ? null : last.seal;
}

/** Decisions before this instant are pruned, with their settlements; 0 where none ever were. */
export async function prunedBeforeMs(db: LedgerReader): Promise<bigint> {
  const { before_ms } = await db
    .selectFrom('prunings')
    .select((eb) => eb.fn.max('before_ms').as('before_ms'))
    .executeTakeFirstOrThrow();
  return before_ms ?? 0n;
}
