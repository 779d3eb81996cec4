/** How a target took an event. Problems never contain the target's address. */
export type SendOutcome =
  | { readonly outcome: 'sent' }
  /** It will never accept this event. */
  | { readonly outcome: 'refused'; readonly problem: string }
  /** It may accept it later. */
  | { readonly outcome: 'failed'; readonly problem: string; readonly retryAfterMs: number };

/** Takes events: a lineage server, or a file. */
export interface LineageTarget {
  /** Identifies a target in the ledger. Contains no secret. */
  readonly name: string;
  /** How many runs are sent at once. */
  readonly atOnce: number;
  /** Sends a run's events in order, each a line of JSON; stops at the first that fails. Never rejects. */
  send(lines: readonly string[]): Promise<readonly SendOutcome[]>;
}
