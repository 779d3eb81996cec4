/** Every entry of the books, by kind and ID, with a digest of its content; sealed soon after it is written. */
export interface JournalTable {
  readonly kind: string;
  readonly id: string;
  /**
   * What pruning goes by: for decisions and settlements, when the query was admitted; for anything else, when it was
   * made.
   */
  readonly at_ms: bigint;
  readonly hash: string;
  /** Null until it is sealed. */
  readonly seal: bigint | null;
}

/** A chain: each seal's hash covers the one before and the entries that it seals, in order of kind and ID. */
export interface SealsTable {
  /** Counts from 1 without gaps. */
  readonly seal: bigint;
  readonly at_ms: bigint;
  readonly entries: bigint;
  readonly entries_hash: string;
  /**
   * Once everything before this instant is pruned, so are all of its entries; null if some of them are never pruned.
   */
  readonly all_before_ms: bigint | null;
  readonly hash: string;
}

/**
 * Every time that decisions before an instant were deleted, with their settlements. Rows are added and never changed.
 */
export interface PruningsTable {
  readonly id: string;
  readonly at_ms: bigint;
  /** Decisions made before this instant are gone, with their settlements. */
  readonly before_ms: bigint;
  readonly decisions: bigint;
  readonly settlements: bigint;
}

/** What each reconciliation found; one that writes corrections has a row before the first and one after the last. */
export interface ReconciliationsTable {
  readonly id: string;
  readonly at_ms: bigint;
  readonly from_ms: bigint;
  readonly to_ms: bigint;
  readonly balanced: bigint;
  readonly ledger_bytes: bigint;
  readonly warehouse_bytes: bigint;
  readonly unguarded_jobs: bigint;
  readonly unguarded_bytes: bigint;
  readonly missing_jobs: bigint;
  readonly missing_bytes: bigint;
  readonly corrections: bigint;
  /** Why it writes corrections, and on whose behalf; null if it writes none, or nobody said. */
  readonly reason: string | null;
  readonly written_by: string | null;
}
