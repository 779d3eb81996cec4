import type { Ledger, LedgerTransaction } from '../../ledger/ledger.ts';
import { startRounds } from '../../waiting/rounds.ts';
import { type ChainHead, chainHead, headOf, nextSeal, type SealedEntry, type SealRow } from './chain.ts';
import { enterWhatIsOlder } from './not-in-journal.ts';

/** So few that an admission which waits for SQLite meanwhile waits for some milliseconds. */
const MOST_ENTRIES = 250;

export interface SealingOptions {
  readonly everyMs: number;
  /** Told of each seal, once it is durable. */
  onSeal(head: ChainHead, entries: number): void;
  /** Told of a round that failed; the next one tries again. */
  onError(error: unknown): void;
}

/**
 * Seals what is entered, in rounds. Any number of processes may seal one ledger.
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
 * Seals all that is entered and not sealed yet. Where another process seals at the same time, leaves the rest to it.
 * Before the first seal, enters what the books hold from before there was a journal.
 * @returns the end of the chain as this process knows it; null where there was never anything to seal
 */
export async function sealNow(
  ledger: Ledger,
  onSeal: SealingOptions['onSeal'] = () => undefined,
  now: () => number = Date.now,
): Promise<ChainHead | null> {
  if ((await chainHead(ledger.read)) === null) await enterWhatIsOlder(ledger);
  for (;;) {
    const sealed = await ledger.write((db) => sealBatch(db, now()));
    if (sealed === null) return chainHead(ledger.read);
    onSeal(headOf(sealed), Number(sealed.entries));
    if (sealed.entries < MOST_ENTRIES) return headOf(sealed);
  }
}

/** Null where there is nothing to seal, or another process has just sealed. */
async function sealBatch(db: LedgerTransaction, nowMs: number): Promise<SealRow | null> {
  // The end of the chain is read first: whoever else seals what is read after it has taken the next number.
  const head = await chainHead(db);
  const entries = await db
    .selectFrom('journal')
    .select(['kind', 'id', 'at_ms', 'hash'])
    .where('seal', 'is', null)
    .limit(MOST_ENTRIES)
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
  for (const [kind, ofKind] of byKind) {
    const ids = ofKind.map(({ id }) => id);
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
