/** What a target made of an event. Problems never hold the target's address. */
export type TargetAnswer =
  | { readonly outcome: 'told' }
  /** It will never take this one. */
  | { readonly outcome: 'refused'; readonly problem: string }
  /** It may later. */
  | { readonly outcome: 'failed'; readonly problem: string; readonly retryAfterMs: number };

/** Takes events: a lineage server, or a file. */
export interface LineageTarget {
  /** Tells one target from another in the ledger. Holds no secret. */
  readonly name: string;
  /** How many runs are told at once. */
  readonly atOnce: number;
  /** Tells a run's events in their order, each a line of JSON; stops at one that fails. Never rejects. */
  tell(lines: readonly string[]): Promise<readonly TargetAnswer[]>;
}
