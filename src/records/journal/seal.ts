import { startRounds } from '../../foundation/waiting/rounds.ts';
import type { Ledger, LedgerTransaction } from '../../ledger/ledger.ts';
import { type ChainHead, chainHead, headOf, nextSeal, type SealedEntry, type SealRow } from './chain.ts';
import { backfillJournal } from './not-in-journal.ts';

/** Few enough that an admission waiting for SQLite meanwhile waits only some milliseconds. */
const MAX_ENTRIES = 250;

export interface SealingOptions {
  readonly everyMs: number;
  /** Called for each seal once it is durable. */
  onSeal(head: ChainHead, entries: number): void;
  /** Called when a round failed; the next one tries again. */
  onError(error: unknown): void;
}

/**
 * Seals new entries, in rounds. Any number of processes may seal one ledger.
 * @returns what ends the rounds, after a last one
 */
export function startSealing(
  ledger: Ledger,
  { everyMs, onSeal, onError }: SealingOptions,
): () => Promise<void> {
  const round = async () => {
    try {
      await sealNow(ledger, onSeal);
    } catch (error) {
      onError(error);
    }
  };
  const endRounds = startRounds({ firstAfterMs: 0, everyMs, onError }, round);
  return async () => {
    await endRounds();
    await round();
  };
}

/**
 * Seals everything that is entered and not sealed yet. If another process seals at the same time, it leaves the rest to
 * that one. Before the first seal, it enters what the books hold from before there was a journal.
 * @returns the head of the chain as this process knows it; null if there was never anything to seal
 */
export async function sealNow(
  ledger: Ledger,
  onSeal: SealingOptions['onSeal'] = () => undefined,
  now: () => number = Date.now,
): Promise<ChainHead | null> {
  if ((await chainHead(ledger.read)) === null) await backfillJournal(ledger);
  for (;;) {
    const sealed = await ledger.write((db) => sealBatch(db, now()));
    if (sealed === null) return chainHead(ledger.read);
    onSeal(headOf(sealed), Number(sealed.entries));
    if (sealed.entries < MAX_ENTRIES) return headOf(sealed);
  }
}

/** Null if there is nothing to seal, or another process has just sealed. */
async function sealBatch(db: LedgerTransaction, nowMs: number): Promise<SealRow | null> {
  // The head is read first: if another process seals the entries read after it, that process has taken the next number.
  const head = await chainHead(db);
  const entries = await db
    .selectFrom('journal')
    .select(['kind', 'id', 'at_ms', 'hash'])
    .where('seal', 'is', null)
    .limit(MAX_ENTRIES)
    .execute();
  if (entries.length === 0) return null;
  const seal = nextSeal(head, entries, nowMs);
  const inserted = await db
    .insertInto('seals')
    .values(seal)
    .onConflict((on) => on.doNothing())
    .returning('seal')
    .executeTakeFirst();
  if (inserted === undefined) return null;
  await markSealed(db, entries, seal.seal);
  return seal;
}

async function markSealed(
  db: LedgerTransaction,
  entries: readonly SealedEntry[],
  seal: bigint,
): Promise<void> {
  const byKind = Map.groupBy(entries, ({ kind }) => kind);
  let marked = 0n;
  for (const [kind, entriesOfKind] of byKind) {
    const ids = entriesOfKind.map(({ id }) => id);
    const { numUpdatedRows } = await db
      .updateTable('journal')
      .set({ seal })
      .where('kind', '=', kind)
      .where('id', 'in', ids)
      .where('seal', 'is', null)
      .executeTakeFirst();
    marked += numUpdatedRows;
  }
  if (marked === BigInt(entries.length)) return;
  throw new Error(
    `Seal ${seal} is of ${entries.length} entries, and ${marked} were free: nothing was sealed.`,
  );
}
