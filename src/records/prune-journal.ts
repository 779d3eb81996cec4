import type { ExpressionBuilder } from 'kysely';
import type { LedgerReader, LedgerTransaction } from '../ledger/ledger.ts';
import type { LedgerSchema } from '../ledger/schema.ts';
import { enterInJournal } from './journal.ts';

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
 * Deletes the journal's rows of some seals all of whose entries are pruned; the seals themselves stay. Rows of seals
 * that hold anything else stay too: what is left could not be checked without them. Call it once the decisions and
 * settlements are gone, until it deletes nothing.
 * @param afterMs what was pruned before this instant is deleted already; 0 where that is not known, which takes longer
 * @returns how many rows were deleted
 */
export async function deletePrunedFromJournal(
  db: LedgerTransaction,
  { afterMs, beforeMs }: { readonly afterMs: number; readonly beforeMs: number },
): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('journal')
    .where('seal', 'in', (eb) =>
      eb
        .selectFrom('seals')
        .select('seals.seal')
        .where('all_before_ms', '>', BigInt(afterMs))
        .where('all_before_ms', '<=', BigInt(beforeMs))
        .where(hasRows)
        .orderBy('all_before_ms')
        .limit(SEALS_AT_ONCE),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

function hasRows(eb: ExpressionBuilder<LedgerSchema, 'seals'>) {
  return eb.exists(eb.selectFrom('journal as row').select('row.id').whereRef('row.seal', '=', 'seals.seal'));
}

/** Decisions before this instant are pruned, with their settlements; 0 where none ever were. */
export async function prunedBeforeMs(db: LedgerReader): Promise<bigint> {
  const { before_ms } = await db
    .selectFrom('prunings')
    .select((eb) => eb.fn.max('before_ms').as('before_ms'))
    .executeTakeFirstOrThrow();
  return before_ms ?? 0n;
}
