import type { Generated } from 'kysely';

/**
 * Thresholds that were reached: one row for each window, account, unit and threshold, both before and after it is sent.
 */
export interface NoticesTable {
  readonly id: string;
  readonly budget: string;
  readonly account: string;
  readonly window_key: string;
  readonly unit: string;
  /** A percentage of the limit. */
  readonly threshold: bigint;
  readonly at_ms: bigint;
  /** The content of the notice, as JSON. */
  readonly content: string;
  /** Null while some webhook is still to get it. */
  readonly told_at_ms: bigint | null;
  /** Nobody sends it before then: a process has the claim, or the last attempt failed. */
  readonly claimed_until_ms: Generated<bigint>;
  readonly attempts: Generated<bigint>;
}

/** What happened to a notice at each webhook that is done with it. Rows are added and never changed. */
export interface NoticeDeliveriesTable {
  readonly notice_id: string;
  readonly webhook: string;
  readonly outcome: string;
  /** Why it was not accepted; null if it was. Never contains an address. */
  readonly problem: string | null;
  readonly at_ms: bigint;
}
