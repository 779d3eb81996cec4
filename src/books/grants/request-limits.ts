import { DAY_MS } from '../../foundation/calendar/durations.ts';
import type { LedgerTransaction } from '../../ledger/ledger.ts';

/** Unanswered requests of one person. People without a name count as one person. */
export const MAX_PER_PERSON = 20;

/** Unanswered requests of everybody: as many as operators can still read through. */
export const MAX_IN_TOTAL = 200;

/** Why no more requests are accepted. */
export interface TooManyRequests {
  readonly problem: 'too many of one' | 'too many of all';
  /** The reason in words, with what to do. */
  readonly error: string;
}

/**
 * Whether this person, or everybody together, already has as many unanswered requests as allowed. Anybody else who asks
 * waits until this transaction ends, and then sees what it has entered.
 */
export async function tooManyRequests(
  db: LedgerTransaction,
  { askedBy, atMs }: { readonly askedBy: string | null; readonly atMs: number },
): Promise<TooManyRequests | null> {
  await takeTurn(db);
  const waiting = await db
    .selectFrom('grant_requests')
    .leftJoin('grant_answers', 'grant_answers.request_id', 'grant_requests.id')
    .select('grant_requests.asked_by')
    .where('grant_answers.request_id', 'is', null)
    // Counts those that expired within the last day too: otherwise someone who asks for only a few seconds could ask
    // without end.
    .where('grant_requests.expires_at_ms', '>', BigInt(atMs - DAY_MS))
    .execute();
  if (waiting.filter(({ asked_by }) => asked_by === askedBy).length >= MAX_PER_PERSON) {
    const error = `${MAX_PER_PERSON} requests of yours have no answer yet: ask an operator to answer them first`;
    return { problem: 'too many of one', error };
  }
  if (waiting.length < MAX_IN_TOTAL) return null;
  const error = `${MAX_IN_TOTAL} requests have no answer yet: ask an operator to answer some first`;
  return { problem: 'too many of all', error };
}

/** Locks the one row that all who ask lock, made by the first of them. */
async function takeTurn(db: LedgerTransaction): Promise<void> {
  await db
    .insertInto('turns')
    .values({ name: 'grant requests' })
    .onConflict((on) => on.column('name').doUpdateSet((eb) => ({ name: eb.ref('excluded.name') })))
    .execute();
}
