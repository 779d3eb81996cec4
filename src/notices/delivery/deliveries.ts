import { z } from 'zod';
import { HOUR_MS } from '../../foundation/calendar/durations.ts';
import { isFree } from '../../ledger/free-claim.ts';
import type { Ledger, LedgerReader, LedgerTransaction } from '../../ledger/ledger.ts';

/** What happened to a notice at a webhook: accepted, refused for good, or given up after too long. */
export const deliveryOutcomes = ['sent', 'refused', 'given up'] as const;
export type DeliveryOutcome = (typeof deliveryOutcomes)[number];

/** The end of a notice at one webhook. */
export interface WebhookDelivery {
  readonly webhook: string;
  readonly outcome: DeliveryOutcome;
  /** Why it was not accepted; null if it was. */
  readonly problem: string | null;
  readonly atMs: number;
}

/** A notice that only this process sends for now. */
export interface ClaimedNotice {
  readonly id: string;
  /** As stored in the ledger. */
  readonly content: string;
  /** How many times it was claimed, including this one: identifies the claim. */
  readonly attempts: number;
}

/** The ledger's word for `sent`, which older processes on the same ledger know. */
const SENT_IN_LEDGER = 'told';

/** An outcome as the ledger has it. */
const outcomeInLedger = z.codec(z.enum([SENT_IN_LEDGER, 'refused', 'given up']), z.enum(deliveryOutcomes), {
  decode: (stored) => (stored === SENT_IN_LEDGER ? 'sent' : stored),
  encode: (outcome) => (outcome === 'sent' ? SENT_IN_LEDGER : outcome),
});

/** Twice the longest pause that a notice is given. */
const MAX_CLAIM_MS = 2 * HOUR_MS;

/**
 * Claims notices that are due: those tried least often, and of these the oldest. A claim is exclusive until its lease ends;
 * if its process dies, the next to look after that takes over.
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
      // Checked again under the row's lock: another replica may have claimed it in between.
      .where('told_at_ms', 'is', null)
      .where(isFree(claim.nowMs, MAX_CLAIM_MS))
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
    .where(isFree(nowMs, MAX_CLAIM_MS))
    // Retries of a webhook that is gone would otherwise hold up what others have not been sent at all.
    .orderBy('attempts')
    .orderBy('at_ms')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Enters that a webhook is done with a notice; the first entry stands. */
export async function enterDelivery(
  db: LedgerTransaction,
  noticeId: string,
  { webhook, outcome, problem, atMs }: WebhookDelivery,
): Promise<void> {
  await db
    .insertInto('notice_deliveries')
    .values({
      notice_id: noticeId,
      webhook,
      outcome: outcomeInLedger.encode(outcome),
      problem,
      at_ms: BigInt(atMs),
    })
    .onConflict((on) => on.doNothing())
    .execute();
}

/**
 * Ends a claim: the notice is either done, or due again later. Does nothing if another process has claimed it since.
 */
export async function endClaim(
  db: LedgerTransaction,
  { id, attempts }: ClaimedNotice,
  end: { readonly deliveredAtMs: number } | { readonly dueAtMs: number },
): Promise<void> {
  await db
    .updateTable('notices')
    .set(
      'deliveredAtMs' in end
        ? { told_at_ms: BigInt(end.deliveredAtMs) }
        : { claimed_until_ms: BigInt(end.dueAtMs) },
    )
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
        outcome: outcomeInLedger.parse(row.outcome),
        problem: row.problem,
        atMs: Number(row.at_ms),
      })),
    ]),
  );
}
