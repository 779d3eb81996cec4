import { randomUUIDv7 } from 'node:crypto';

/**
 * A new decision's ID. It begins with the time, so that queries arriving together are neighbours in the ledger's
 * indexes, on a few pages; random IDs would touch a page each.
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
 */
export function newDecisionId(): string {
  return randomUUIDv7();
}

/**
 * Enough of a decision's ID to distinguish it where space is short: its end, which is random. The beginnings of IDs
 * from the same minute look alike.
 */
export function shortDecisionId(id: string): string {
  return id.slice(-8);
}

/** The label of a job that holds its decision's ID, by which the job is recognised wherever it is listed. */
export const DECISION_LABEL = 'guardrail_decision';
