import type { LedgerReader, LedgerTransaction } from '../../ledger/ledger.ts';
import { settlementKey } from '../journal/entries.ts';
import { enterInJournal } from '../journal/journal.ts';
import { firstSeals } from '../journal/next-seals.ts';

/** What the journal says about a pruning, so that pruned records can be told from removed ones. */
export interface Pruning {
  readonly atMs: number;
  /** All decisions before this instant are deleted, with their settlements. */
  readonly beforeMs: number;
  /** How many this pruning deletes. */
  readonly decisions: number;
  readonly settlements: number;
}

/** In quiet times each seal holds only an entry or two. */
const SEALS_AT_ONCE = 100;

/** Few enough that an admission waiting for SQLite meanwhile waits only some milliseconds; a seal is not split. */
const ENTRIES_AT_ONCE = 250;

/**
 * Enters in the books that decisions before an instant are being deleted. Once this is durable, entries that old may be
 * missing, so it comes before the deletion or in the same transaction.
 */
export async function enterPruning(db: LedgerTransaction, pruning: Pruning): Promise<void> {
  const row = {
    // One per instant: a pruning that was interrupted and continued is the same one.
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
 * Deletes the journal rows of seals whose entries are all pruned; the seals themselves stay. Rows of seals with any
 * other entry stay too: without them, what is left could not be checked. Call it after the decisions and settlements
 * are deleted, from seal 0 on until it returns null.
 *
 * It walks through what the journal still holds, so that earlier deletions cost nothing, and stops at seals made after
 * the instant. A later seal whose entries are nevertheless all pruned is found by a later pruning; nothing is missed,
 * whatever was interrupted. Seals dated after now do not stop it: since seals never go back, a clock that was ahead once
 * dates all of them ahead until that time comes.
 * @returns the seal to continue after; null once all were seen
 */
export async function deletePrunedFromJournal(
  db: LedgerTransaction,
  {
    afterSeal,
    beforeMs,
    nowMs,
  }: { readonly afterSeal: bigint; readonly beforeMs: bigint; readonly nowMs: bigint },
): Promise<bigint | null> {
  const rows = await db
    .selectFrom('journal')
    .select('seal')
    .distinct()
    .where('seal', '>', afterSeal)
    .orderBy('seal')
    .limit(SEALS_AT_ONCE)
    .$narrowType<{ seal: bigint }>()
    .execute();
  if (rows.length === 0) return null;
  const found = await db
    .selectFrom('seals')
    .select(['seal', 'at_ms', 'entries', 'all_before_ms'])
    .where(
      'seal',
      'in',
      rows.map(({ seal }) => seal),
    )
    .orderBy('seal')
    .execute();
  const seals = firstSeals(found, ENTRIES_AT_ONCE);
  const last = seals.at(-1);
  if (last === undefined) return rows.at(-1)?.seal ?? null;
  const seen = seals.filter(({ at_ms }) => at_ms < beforeMs || at_ms > nowMs);
  const old = seen.filter(({ all_before_ms }) => all_before_ms !== null && all_before_ms <= beforeMs);
  const fullyPruned = await withoutSettlements(
    db,
    old.map(({ seal }) => seal),
  );
  if (fullyPruned.length > 0) await db.deleteFrom('journal').where('seal', 'in', fullyPruned).execute();
  return seen.length < seals.length ? null : last.seal;
}

/**
 * Those of some seals of which no settlement is left in the books. What was admitted before the instant and settled after
 * it is left if its decision was never recorded: only its settlement dates it then.
 */
async function withoutSettlements(
  db: LedgerTransaction,
  seals: readonly bigint[],
): Promise<readonly bigint[]> {
  if (seals.length === 0) return [];
  const entered = await db
    .selectFrom('journal')
    .select(['id', 'seal'])
    .where('seal', 'in', seals)
    .where('kind', '=', 'settlement')
    .execute();
  if (entered.length === 0) return seals;
  const left = await db
    .selectFrom('settlements')
    .select(['decision_id', 'version'])
    .where(
      'decision_id',
      'in',
      entered.map(({ id }) => settlementKey(id)[0]),
    )
    .execute();
  const leftIds = new Set(left.map(({ decision_id, version }) => `${decision_id}/${version}`));
  const kept = new Set(entered.filter(({ id }) => leftIds.has(id)).map(({ seal }) => seal));
  return seals.filter((seal) => !kept.has(seal));
}

/** Decisions before this instant are pruned, with their settlements; 0 if none ever were. */
export async function prunedBeforeMs(db: LedgerReader): Promise<bigint> {
  const { before_ms } = await db
    .selectFrom('prunings')
    .select((eb) => eb.fn.max('before_ms').as('before_ms'))
    .executeTakeFirstOrThrow();
  return before_ms ?? 0n;
}
