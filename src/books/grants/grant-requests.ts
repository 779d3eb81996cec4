import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Grant } from '../../budget/grants.ts';
import type { Ledger, LedgerReader, LedgerTransaction } from '../../ledger/ledger.ts';
import { storable } from '../../ledger/storable.ts';
import { enterInJournal } from '../../records/journal/journal.ts';
import { enterGrant } from './grants.ts';
import { comesBehind, type ListQuery } from './newest-first.ts';
import { type TooManyRequests, tooManyRequests } from './request-limits.ts';

export type { TooManyRequests } from './request-limits.ts';

/** A grant that somebody asks for. */
export interface NewGrantRequest {
  readonly budget: string;
  /** Empty: the budget's only account, or every one of its accounts. */
  readonly account: string;
  readonly unit: string;
  readonly amount: bigint;
  readonly reason: string;
  /** Null if the person has no name. */
  readonly askedBy: string | null;
  readonly askedFor: string;
  readonly atMs: number;
  /** Until when it is wanted. */
  readonly expiresAtMs: number;
}

/** What an operator answered. */
export interface GrantAnswer {
  readonly by: string;
  readonly atMs: number;
  /** Null if it was declined. */
  readonly grantId: string | null;
}

export interface GrantRequest extends NewGrantRequest {
  readonly id: string;
  /** Null while nobody has answered. */
  readonly answer: GrantAnswer | null;
}

/** Requests for grants. Every request and every answer stays in the books. */
export interface GrantRequests {
  /**
   * Enters a request, unless too many are waiting for an answer already.
   * @throws LedgerError if the amount is out of range or nothing could be written
   */
  ask(request: NewGrantRequest): Promise<GrantRequest | TooManyRequests>;
  /**
   * Gives what was asked for, from now on. Null if there is no such request, it has been answered, or it has expired.
   */
  grant(id: string, by: string, atMs: number): Promise<Grant | null>;
  /** @returns false if there is no such request or it has been answered */
  decline(id: string, by: string, atMs: number): Promise<boolean>;
  /** Null if there is no such request. */
  get(id: string): Promise<GrantRequest | null>;
  /** Newest first. Only unanswered requests that have not expired, unless `all`. */
  list(request: ListQuery): Promise<GrantRequestPage>;
  /** Those that were answered, or else expired, after one instant and up to another; the last to close come first. */
  closed(within: ClosedQuery): Promise<readonly GrantRequest[]>;
}

export interface ClosedQuery {
  readonly afterMs: number;
  readonly nowMs: number;
  readonly limit: number;
}

export interface GrantRequestPage {
  readonly requests: readonly GrantRequest[];
  /** Whether older ones were left out. */
  readonly more: boolean;
}

/** Requests kept in the ledger. */
export function createGrantRequests({ ledger }: { readonly ledger: Ledger }): GrantRequests {
  return {
    ask: (request) => ledger.write((db) => enterRequest(db, request)),
    grant: (id, by, atMs) =>
      ledger.write((db) => enterRequestedGrant(db, { id, by, atMs })).catch(nullIfAnswered),
    decline: (id, by, atMs) => ledger.write((db) => enterDecline(db, { id, by, atMs })),
    get: (id) => requestOf(ledger.read, id),
    list: (request) => listRequests(ledger.read, request),
    closed: (within) => closedRequests(ledger.read, within),
  };
}

async function enterRequest(
  db: LedgerTransaction,
  request: NewGrantRequest,
): Promise<GrantRequest | TooManyRequests> {
  const tooMany = await tooManyRequests(db, request);
  if (tooMany !== null) return tooMany;
  const row = {
    id: randomUUID(),
    budget: request.budget,
    account: request.account,
    unit: request.unit,
    amount: storable(request.amount, 'The amount asked for'),
    reason: request.reason,
    asked_by: request.askedBy,
    asked_for: request.askedFor,
    at_ms: BigInt(request.atMs),
    expires_at_ms: BigInt(request.expiresAtMs),
  };
  await db.insertInto('grant_requests').values(row).execute();
  await enterInJournal(db, [{ kind: 'grant request', row }]);
  return { ...request, id: row.id, answer: null };
}

/** Which request an operator answers, and when. */
interface AnswerTo extends Omit<GrantAnswer, 'grantId'> {
  readonly id: string;
}

/** @throws AnsweredMeanwhile */
async function enterRequestedGrant(db: LedgerTransaction, { id, by, atMs }: AnswerTo): Promise<Grant | null> {
  const request = await requestOf(db, id);
  if (request === null || request.answer !== null || request.expiresAtMs <= atMs) return null;
  const { budget, account, unit, amount, reason, askedFor, expiresAtMs } = request;
  const grant = await enterGrant(db, {
    budget,
    account,
    unit,
    amount,
    reason,
    expiresAtMs,
    grantedBy: by,
    grantedTo: askedFor,
    createdAtMs: atMs,
  });
  // The answer is the one row that two operators cannot both write: the second one gives nothing.
  if (!(await enterAnswer(db, { id, by, atMs, grantId: grant.id }))) throw new AnsweredMeanwhile();
  return grant;
}

/** Rolls back what was written before the answer. */
class AnsweredMeanwhile extends Error {}

function nullIfAnswered(error: unknown): null {
  if (error instanceof AnsweredMeanwhile) return null;
  throw error;
}

async function enterDecline(db: LedgerTransaction, { id, by, atMs }: AnswerTo): Promise<boolean> {
  return (await requestOf(db, id)) !== null && enterAnswer(db, { id, by, atMs, grantId: null });
}

async function listRequests(
  db: LedgerReader,
  { nowMs, all, limit, after }: ListQuery,
): Promise<GrantRequestPage> {
  let requests = selectRequests(db)
    .orderBy('grant_requests.at_ms', 'desc')
    .orderBy('grant_requests.id')
    .limit(limit + 1);
  if (!all) {
    requests = requests
      .where('grant_requests.expires_at_ms', '>', BigInt(nowMs))
      .where('grant_answers.request_id', 'is', null);
  }
  if (after !== undefined) {
    requests = requests.where(comesBehind(after, { atMs: 'grant_requests.at_ms', id: 'grant_requests.id' }));
  }
  const rows = await requests.execute();
  return { requests: rows.slice(0, limit).map(requestFrom), more: rows.length > limit };
}

async function closedRequests(
  db: LedgerReader,
  { afterMs, nowMs, limit }: ClosedQuery,
): Promise<readonly GrantRequest[]> {
  const closedAt = sql<bigint>`coalesce(${sql.ref('grant_answers.at_ms')}, ${sql.ref('grant_requests.expires_at_ms')})`;
  const rows = await selectRequests(db)
    .where(closedAt, '>', BigInt(afterMs))
    .where(closedAt, '<=', BigInt(nowMs))
    .orderBy(closedAt, 'desc')
    .orderBy('grant_requests.id')
    .limit(limit)
    .execute();
  return rows.map(requestFrom);
}

async function requestOf(db: LedgerReader, id: string): Promise<GrantRequest | null> {
  const row = await selectRequests(db).where('grant_requests.id', '=', id).executeTakeFirst();
  return row === undefined ? null : requestFrom(row);
}

/** @returns whether it is the first answer */
async function enterAnswer(
  db: LedgerTransaction,
  { id, by, atMs, grantId }: AnswerTo & GrantAnswer,
): Promise<boolean> {
  const row = { request_id: id, answered_by: by, at_ms: BigInt(atMs), grant_id: grantId };
  const inserted = await db
    .insertInto('grant_answers')
    .values(row)
    .onConflict((on) => on.doNothing())
    .returning('request_id')
    .execute();
  if (inserted.length === 0) return false;
  await enterInJournal(db, [{ kind: 'grant answer', row }]);
  return true;
}

function selectRequests(db: LedgerReader) {
  return db
    .selectFrom('grant_requests')
    .leftJoin('grant_answers', 'grant_answers.request_id', 'grant_requests.id')
    .selectAll('grant_requests')
    .select(['grant_answers.answered_by', 'grant_answers.at_ms as answered_at_ms', 'grant_answers.grant_id']);
}

type Row = Awaited<ReturnType<ReturnType<typeof selectRequests>['execute']>>[number];

function requestFrom(row: Row): GrantRequest {
  return {
    id: row.id,
    budget: row.budget,
    account: row.account,
    unit: row.unit,
    amount: row.amount,
    reason: row.reason,
    askedBy: row.asked_by,
    askedFor: row.asked_for,
    atMs: Number(row.at_ms),
    expiresAtMs: Number(row.expires_at_ms),
    answer:
      row.answered_by === null || row.answered_at_ms === null
        ? null
        : { by: row.answered_by, atMs: Number(row.answered_at_ms), grantId: row.grant_id },
  };
}
