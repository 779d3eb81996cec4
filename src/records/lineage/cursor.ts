import { isFree } from '../../ledger/free-claim.ts';
import type { Ledger, LedgerReader } from '../../ledger/ledger.ts';
import { chainHead } from '../journal/chain.ts';

/** A place in the books, in the order in which they were sealed. */
export interface Position {
  /** All that is sealed before this seal lies behind. */
  readonly seal: bigint;
  /** And of this seal what comes up to this settlement; empty for nothing. */
  readonly afterId: string;
}

/** The right to tell a target what comes next, which this process alone has until the lease ends. */
export interface TargetClaim {
  readonly target: string;
  readonly position: Position;
  /** Which claim this is. */
  readonly number: bigint;
  /** How often in a row the target did not take what it was told. */
  readonly failures: number;
}

/** Twice the longest that a target is left alone. */
const LONGEST_CLAIM_MS = 600_000;

/** Has a target be told what is sealed from now on; one that was told before goes on where it was. */
export async function openCursor(ledger: Ledger, target: string): Promise<void> {
  const known = await ledger.read
    .selectFrom('lineage_cursors')
    .select('target')
    .where('target', '=', target)
    .executeTakeFirst();
  if (known !== undefined) return;
  await ledger.write(async (db) => {
    const head = await chainHead(db);
    await db
      .insertInto('lineage_cursors')
      .values({ target, seal: BigInt((head?.seal ?? 0) + 1), after_id: '' })
      .onConflict((on) => on.doNothing())
      .execute();
  });
}

/** Null where nothing is sealed beyond the cursor, another process is at it, or the target is to be left alone. */
export async function claim(
  ledger: Ledger,
  asked: { readonly target: string; readonly nowMs: number; readonly leaseMs: number },
): Promise<TargetClaim | null> {
  const { target, nowMs, leaseMs } = asked;
  if (!(await isDue(ledger.read, asked))) return null;
  const row = await ledger.write((db) =>
    db
      .updateTable('lineage_cursors')
      .set((eb) => ({ claimed_until_ms: BigInt(nowMs + leaseMs), claims: eb('claims', '+', 1n) }))
      .where('target', '=', target)
      // Asked once more under the row's lock: another replica may have claimed it in between.
      .where(isFree(nowMs, LONGEST_CLAIM_MS))
      .returningAll()
      .executeTakeFirst(),
  );
  if (row === undefined) return null;
  return {
    target,
    position: { seal: row.seal, afterId: row.after_id },
    number: row.claims,
    failures: Number(row.failures),
  };
}

async function isDue(
  db: LedgerReader,
  { target, nowMs }: { readonly target: string; readonly nowMs: number },
): Promise<boolean> {
  const head = await chainHead(db);
  if (head === null) return false;
  const row = await db
    .selectFrom('lineage_cursors')
    .select('target')
    .where('target', '=', target)
    .where('seal', '<=', BigInt(head.seal))
    .where(isFree(nowMs, LONGEST_CLAIM_MS))
    .executeTakeFirst();
  return row !== undefined;
}

/** How a claim ended: how far the target was told, and until when to leave it alone where it did not take all. */
export interface ClaimEnd {
  readonly position: Position;
  readonly failedUntilMs: number | null;
}

/** Nothing where another process has claimed the cursor since. */
export async function endClaim(
  ledger: Ledger,
  { target, number, failures }: TargetClaim,
  { position, failedUntilMs }: ClaimEnd,
): Promise<void> {
  await ledger.write((db) =>
    db
      .updateTable('lineage_cursors')
      .set({
        seal: position.seal,
        after_id: position.afterId,
        claimed_until_ms: BigInt(failedUntilMs ?? 0),
        failures: failedUntilMs === null ? 0n : BigInt(failures + 1),
      })
      .where('target', '=', target)
      .where('claims', '=', number)
      .execute(),
  );
}

/** What is sealed and was not told yet. */
export interface Waiting {
  /** Entries of the books: decisions, settlements and all else that is sealed. */
  readonly entries: number;
  /** When the first of them was sealed; null where there are none. */
  readonly sinceMs: number | null;
}

/** What is sealed beyond the place up to which a target was told. */
export async function waitingFor(db: LedgerReader, target: string): Promise<Waiting> {
  const row = await db
    .selectFrom('seals')
    .innerJoin('lineage_cursors', (join) => join.onTrue())
    .where('lineage_cursors.target', '=', target)
    .whereRef('seals.seal', '>=', 'lineage_cursors.seal')
    .select((eb) => [eb.fn.sum<bigint>('entries').as('entries'), eb.fn.min('seals.at_ms').as('since')])
    .executeTakeFirstOrThrow();
  return {
    entries: Number(row.entries ?? 0),
    sinceMs: row.since === null ? null : Number(row.since),
  };
}
