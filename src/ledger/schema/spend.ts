/**
 * What each query that ran came to, with all that spend is summed by, and nothing else: a sum over millions of queries
 * reads a tenth of what their decisions and settlements take. Copied from those once they are sealed, so it is
 * complete up to a seal. Empty texts stand for what is not known.
 */
export interface QuerySpendTable {
  /** Of the decision; of the first settlement if the decision was never recorded. */
  readonly at_ms: bigint;
  readonly decision_id: string;
  readonly project_id: string;
  /** Empty if the decision was never recorded. */
  readonly team: string;
  readonly principal: string;
  readonly tool: string;
  readonly person: string;
  readonly dashboard: string;
  readonly card: string;
  readonly fingerprint: string;
  /** How many tables it read. */
  readonly tables_read: bigint;
  readonly currency: string;
  readonly bytes_billed: bigint;
  readonly free_bytes: bigint;
  readonly cost_micros: bigint;
  readonly slot_ms: bigint;
}

/** How far the copy has got: one row, or none while there is no copy. */
export interface QuerySpendCursorsTable {
  readonly copy: string;
  /** Everything sealed up to and including this seal is copied. */
  readonly seal: bigint;
}
