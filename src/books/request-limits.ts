import { DAY_MS } from '../calendar/durations.ts';
import type { LedgerReader } from '../ledger/ledger.ts';

/** Requests of one person that nobody has answered; those who have no name count as one person. */
export const MOST_OF_ONE = 20;

/** Requests of everybody that nobody has answered: what operators can still read through. */
export const MOST_OF_ALL = 200;

/** Why no more may be asked for. */
export interface TooManyRequests {
  readonly problem: 'too many of one' | 'too many of all';
  /** The same in words, with what to do. */
  readonly error: string;
}

/**
 * Whether somebody has asked for as much as may wait for an answer, or everybody together has. On PostgreSQL, requests
 * that are filed at the same moment do not see each other: a few more may then wait, at most one of each connection.
 */
export async function tooManyRequests(
  db: LedgerReader,
  { askedBy, atMs }: { readonly askedBy: string | null; readonly atMs: number },
): Promise<TooManyRequests | null> {
  const waiting = await db
    .selectFrom('grant_requests')
    .leftJoin('grant_answers', 'grant_answers.request_id', 'grant_requests.id')
    .select('grant_requests.asked_by')
    .where('grant_answers.request_id', 'is', null)
    // Of the last day also those whose time is over: who asks for seconds could ask without end.
    .where('grant_requests.expires_at_ms', '>', BigInt(atMs - DAY_MS))
    .execute();
  if (waiting.filter(({ asked_by }) => asked_by === askedBy).length >= MOST_OF_ONE) {
    const error = `${MOST_OF_ONE} requests of yours have no answer yet: ask an operator to answer them first`;
    return { problem: 'too many of one', error };
  }
  if (waiting.length < MOST_OF_ALL) return null;
  const error = `${MOST_OF_ALL} requests have no answer yet: ask an operator to answer some first`;
  return { problem: 'too many of all', error };
}
