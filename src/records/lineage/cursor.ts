import { isFree } from '../../ledger/free-claim.ts';
import type { Ledger, LedgerReader } from '../../ledger/ledger.ts';
import { chainHead } from '../journal/chain.ts';

/** A position in the books, in the order of sealing. */
export interface Position {
  /** Everything sealed before this seal has been sent. */
  readonly seal: bigint;
  /** And everything of this seal up to this settlement; empty for none. */
  readonly afterId: string;
}

/** The right to send a target what comes next, which only this process has until the lease ends. */
export interface TargetClaim {
  readonly target: string;
  readonly position: Position;
  /** Identifies this claim. */
  readonly number: bigint;
  /** How many times in a row the target has failed. */
  readonly failures: number;
}

/** Twice the longest pause that a target is given. */
const MAX_CLAIM_MS = 600_000;

/** Starts a target at what is sealed from now on; a target that is known already continues where it was. */
export async function openCursor(ledger: Ledger, target: string): Promise<void> {
  const existing = await ledger.read
    .selectFrom('lineage_cursors')
    .select('target')
    .where('target', '=', target)
    .executeTakeFirst();
  if (existing !== undefined) return;
  await ledger.write(async (db) => {
    const head = await chainHead(db);
    await db
      .insertInto('lineage_cursors')
      .values({ target, seal: BigInt((head?.seal ?? 0) + 1), after_id: '' })
      .onConflict((on) => on.doNothing())
      .execute();
  });
}

/**
 * Null if nothing is sealed beyond the cursor, another process has the claim, or the target is to be left alone for
 * now.
 */
export async function claimTarget(
  ledger: Ledger,
  request: { readonly target: string; readonly nowMs: number; readonly leaseMs: number },
): Promise<TargetClaim | null> {
  const { target, nowMs, leaseMs } = request;
  if (!(await isDue(ledger.read, request))) return null;
  const row = await ledger.write((db) =>
    db
      .updateTable('lineage_cursors')
      .set((eb) => ({ claimed_until_ms: BigInt(nowMs + leaseMs), claims: eb('claims', '+', 1n) }))
      .where('target', '=', target)
      // Checked again under the row's lock: another replica may have claimed it in between.
      .where(isFree(nowMs, MAX_CLAIM_MS))
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
    .where(isFree(nowMs, MAX_CLAIM_MS))
    .executeTakeFirst();
  return row !== undefined;
}

/** How a claim ended: how far the target got, and until when to leave it alone if it did not take everything. */
export interface ClaimEnd {
  readonly position: Position;
  readonly failedUntilMs: number | null;
}

/** Does nothing if another process has claimed the cursor since. */
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

/** What is sealed and not sent yet. */
export interface Backlog {
  /** Entries of the books: decisions, settlements and everything else that is sealed. */
  readonly entries: number;
  /** When the first of them was sealed; null if there are none. */
  readonly sinceMs: number | null;
}

/** What is sealed beyond the position that a target has reached. */
export async function backlogOf(db: LedgerReader, target: string): Promise<Backlog> {
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
