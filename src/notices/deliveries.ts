import { z } from 'zod';
import { isFree } from '../ledger/free-claim.ts';
import type { Ledger, LedgerReader, LedgerTransaction } from '../ledger/ledger.ts';

/** What became of a notice at a webhook: taken, refused for good, or not taken for so long that it was given up. */
export const deliveryOutcomes = ['told', 'refused', 'given up'] as const;
export type DeliveryOutcome = (typeof deliveryOutcomes)[number];

/** A webhook is done with a notice. */
export interface WebhookDelivery {
  readonly webhook: string;
  readonly outcome: DeliveryOutcome;
  /** Why it was not taken; null where it was. */
  readonly problem: string | null;
  readonly atMs: number;
}

/** A notice that this process alone tells for now. */
export interface ClaimedNotice {
  readonly id: string;
  /** As the ledger keeps it. */
  readonly content: string;
  /** How often it was claimed, this time counted: says which claim this is. */
  readonly attempts: number;
}

const outcome = z.enum(deliveryOutcomes);

/** Twice the longest that a notice is left alone. */
const LONGEST_CLAIM_MS = 2 * 3_600_000;

/**
 * Takes notices that are due, oldest first. Whoever claims one is alone with it until the lease ends; should it die,
 * the next to look after that goes on.
 */
export async function claimDue(
  ledger: Ledger,
  claim: { readonly nowMs: number; readonly leaseMs: number; readonly limit: number },
): Promise<readonly ClaimedNotice[]> {
  const due = await dueIds(ledger.read, claim);
  if (due.length === 0) return [];
  const rows = await ledger.write((db) =>
    db
      .updateTable('notices')
      .set((eb) => ({
        claimed_until_ms: BigInt(claim.nowMs + claim.leaseMs),
        attempts: eb('attempts', '+', 1n),
      }))
      .where('id', 'in', due)
      // Asked once more under the row's lock: another replica may have claimed it in between.
      .where('told_at_ms', 'is', null)
      .where(isFree(claim.nowMs, LONGEST_CLAIM_MS))
      .returning(['id', 'attempts', 'content'])
      .execute(),
  );
  return rows.map(({ id, attempts, content }) => ({ id, content, attempts: Number(attempts) }));
}

async function dueIds(
  db: LedgerReader,
  { nowMs, limit }: { readonly nowMs: number; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('notices')
    .select('id')
    .where('told_at_ms', 'is', null)
    .where(isFree(nowMs, LONGEST_CLAIM_MS))
    .orderBy('at_ms')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Enters that a webhook is done with a notice; what was entered first stands. */
export async function enterDelivery(
  db: LedgerTransaction,
  noticeId: string,
  { webhook, outcome, problem, atMs }: WebhookDelivery,
): Promise<void> {
  await db
    .insertInto('notice_deliveries')
    .values({ notice_id: noticeId, webhook, outcome, problem, at_ms: BigInt(atMs) })
    .onConflict((on) => on.doNothing())
    .execute();
}

/** Ends a claim: the notice is told, or due again later. Nothing where another process has claimed it since. */
export async function endClaim(
  db: LedgerTransaction,
  { id, attempts }: ClaimedNotice,
  end: { readonly toldAtMs: number } | { readonly dueAtMs: number },
): Promise<void> {
  await db
    .updateTable('notices')
    .set('toldAtMs' in end ? { told_at_ms: BigInt(end.toldAtMs) } : { claimed_until_ms: BigInt(end.dueAtMs) })
    .where('id', '=', id)
    .where('attempts', '=', BigInt(attempts))
    .execute();
}

/** The webhooks that are done with each of these notices, in the order in which they were. */
export async function deliveriesOf(
  db: LedgerReader,
  noticeIds: readonly string[],
): Promise<ReadonlyMap<string, readonly WebhookDelivery[]>> {
  if (noticeIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('notice_deliveries')
    .selectAll()
    .where('notice_id', 'in', noticeIds)
    .orderBy('at_ms')
    .orderBy('webhook')
    .execute();
  const byNotice = Map.groupBy(rows, (row) => row.notice_id);
  return new Map(
    [...byNotice].map(([id, found]) => [
      id,
      found.map((row) => ({
        webhook: row.webhook,
        outcome: outcome.parse(row.outcome),
        problem: row.problem,
        atMs: Number(row.at_ms),
      })),
    ]),
  );
}
