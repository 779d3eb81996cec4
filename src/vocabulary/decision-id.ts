import { randomUUIDv7 } from 'node:crypto';

/**
 * A new decision's ID. It begins with the time: what the ledger keeps of queries that come together then lies together
 * in its indexes, on a few pages, where random IDs would change a page each.
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
 */
export function newDecisionId(): string {
  return randomUUIDv7();
}

/**
 * Enough of a decision's ID to tell it from others where there is little room: its end, which is random. By its
 * beginning, decisions of the same minute look alike.
 */
export function shortDecisionId(id: string): string {
  return id.slice(-8);
}
